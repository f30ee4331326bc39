using System.Collections.Concurrent;
using Google.Protobuf;
using Quicprochat.Mls.Groups;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Store.Tables;

namespace Quicprochat.Sdk.Conversations;

/// <summary>All conversations: their states for transactions, and the objects that the API shows.</summary>
internal sealed class ConversationBook(ClientState client)
{
    private const int UnreadMax = 10_000;

    private readonly Dictionary<ConversationId, ConversationState> _states = [];
    private readonly ConcurrentDictionary<ConversationId, Conversation> _shown = new();

    /// <summary>What the API shows.</summary>
    public ICollection<Conversation> Shown => _shown.Values;

    public Conversation? Show(ConversationId id) => _shown.GetValueOrDefault(id);

    /// <summary>Reads everything there is, when the client starts.</summary>
    public void Load(StoreTransaction transaction)
    {
        foreach (ConversationRow row in transaction.Conversations.List())
        {
            if (Find(transaction, row.GroupId.Span) is { } state)
            {
                Publish(transaction, state, membersChanged: true);
            }
        }
    }

    /// <summary>The state of a group's conversation; null when there is none. It may be changed, and is saved with <see cref="Save"/>.</summary>
    public ConversationState? Find(StoreTransaction transaction, ReadOnlySpan<byte> groupId)
    {
        ConversationId id = ConversationId.From(groupId);
        if (!_states.TryGetValue(id, out ConversationState? state))
        {
            if (transaction.Conversations.FindByGroup(groupId) is not { } row)
            {
                return null;
            }
            state = new ConversationState(row, transaction.LogPositions.Find(groupId) ?? new LogPositionRow { GroupId = row.GroupId });
            _states.Add(id, state);
        }

        // Memory is never ahead of the store: what a transaction that is undone had in hand is read again.
        transaction.OnRollback(() => _states.Remove(id));
        return state;
    }

    public ConversationState Require(StoreTransaction transaction, ReadOnlySpan<byte> groupId) =>
        Find(transaction, groupId) ?? throw new QpcException(QpcError.ConversationUnknown, "There is no such conversation.", "List the conversations.");

    /// <summary>Takes up a group that was made or joined in this transaction, in the place of what there was of it.</summary>
    public ConversationState Put(StoreTransaction transaction, ConversationRow row, LogPositionRow position)
    {
        ConversationState state = new(row, position);
        ConversationId id = ConversationId.From(row.GroupId.Span);
        _states[id] = state;
        transaction.OnRollback(() => _states.Remove(id));
        Save(transaction, state, membersChanged: true);
        return state;
    }

    /// <summary>Stores the state, and shows it once it is on disk.</summary>
    public void Save(StoreTransaction transaction, ConversationState state, bool membersChanged)
    {
        if (membersChanged && client.Groups.Find(transaction, state.GroupId) is { } group)
        {
            state.Row.Accounts.Clear();
            state.Row.Accounts.Add(MembersOf(group).Select(static member => member.Account).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            state.Row.CipherSuite = group.CipherSuite.Id;
        }
        transaction.Conversations.Put(state.Row);
        transaction.LogPositions.Put(state.Position);
        Publish(transaction, state, membersChanged);
    }

    /// <summary>The position moved and nothing else did.</summary>
    public static void SavePosition(StoreTransaction transaction, ConversationState state) => transaction.LogPositions.Put(state.Position);

    /// <summary>A message was stored: what is shown of the conversation changes, the state does not.</summary>
    public void NoteMessage(StoreTransaction transaction, ConversationState state, long number, bool unread)
    {
        ConversationId id = state.Id;
        transaction.OnCommit(() => _shown[id].Update(snapshot => snapshot with
        {
            LastPosition = Math.Max(number, snapshot.LastPosition),
            Unread = snapshot.Unread + (unread ? 1 : 0),
        }));
    }

    /// <summary>Every member whose credential holds; MLS admits no other.</summary>
    public IEnumerable<VerifiedMember> MembersOf(Group group)
    {
        foreach (Member member in group.Members)
        {
            if (client.Directory.TryIdentify(member.Credential, out VerifiedMember? verified))
            {
                yield return verified;
            }
        }
    }

    private void Publish(StoreTransaction transaction, ConversationState state, bool membersChanged)
    {
        ConversationId id = state.Id;
        _shown.TryGetValue(id, out Conversation? conversation);
        ConversationRow row = state.Row;
        ConversationSnapshot before = conversation?.Snapshot ?? First(transaction, state);
        ConversationSnapshot snapshot = before with
        {
            Kind = Enum.IsDefined((ConversationKind)row.Kind) ? (ConversationKind)row.Kind : ConversationKind.Unknown,
            Name = NameOf(row),
            Peer = row.Peer,
            Status = row.Left ? ConversationStatus.Left : row.RejoinReason.Length > 0 ? ConversationStatus.Rejoining : ConversationStatus.Active,
            Epoch = state.Position.Epoch,
            BaseHash = state.Position.BaseHash,
            ReadPosition = row.ReadUpTo,
        };
        if (membersChanged)
        {
            snapshot = WithMembers(transaction, state, snapshot);
        }
        long lastBefore = before.LastPosition;
        transaction.OnCommit(() =>
        {
            Conversation shown = _shown.GetOrAdd(id, static (key, client) => new Conversation(client, key), client);

            // What messages changed meanwhile stays.
            shown.Update(now => snapshot with
            {
                LastPosition = Math.Max(now.LastPosition, snapshot.LastPosition),
                Unread = now.LastPosition > lastBefore ? now.Unread : snapshot.Unread,
            });
        });
    }

    /// <summary>A group whose name has not come yet is called by its members.</summary>
    private string NameOf(ConversationRow row)
    {
        IEnumerable<string> others = row.Accounts.Where(account => !string.Equals(account, client.Device.Account, StringComparison.Ordinal)).Select(AccountAddress.NameOf);
        return row.Peer.Length > 0 ? row.Peer : row.Title.Length > 0 ? row.Title : string.Join(", ", others);
    }

    private ConversationSnapshot First(StoreTransaction transaction, ConversationState state)
    {
        ConversationRow row = state.Row;
        IReadOnlyList<MessageRow> last = transaction.Messages.Before(row.Id.Span, long.MaxValue, 1);
        int unread = transaction.Messages.After(row.Id.Span, row.ReadUpTo, UnreadMax)
            .Count(message => !string.Equals(message.Sender, client.Device.Account, StringComparison.Ordinal));
        return new ConversationSnapshot { CreatedMs = row.CreatedMs, LastPosition = last.Count > 0 ? last[0].Number : 0, Unread = unread };
    }

    private ConversationSnapshot WithMembers(StoreTransaction transaction, ConversationState state, ConversationSnapshot snapshot)
    {
        Group? group = state.Row.Left ? null : client.Groups.Find(transaction, state.GroupId);
        if (group is null)
        {
            return snapshot with
            {
                EpochAuthenticator = default,
                Members = [.. state.Row.Accounts.Select(static account => (account, (IReadOnlyList<DeviceId>)[]))],
                CipherSuite = client.Mls.CipherSuites.TryFind((ushort)state.Row.CipherSuite, out Quicprochat.Mls.CipherSuite? suite) ? suite.Name : string.Empty,
            };
        }
        return snapshot with
        {
            EpochAuthenticator = group.EpochAuthenticator,
            CipherSuite = group.CipherSuite.Name,
            Members =
            [
                .. MembersOf(group)
                    .GroupBy(static member => member.Account, StringComparer.Ordinal)
                    .OrderBy(static account => account.Key, StringComparer.Ordinal)
                    .Select(static account => (account.Key, (IReadOnlyList<DeviceId>)[.. account.Select(static member => member.Device)])),
            ],
        };
    }
}
