using System.Runtime.CompilerServices;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk;

/// <summary>
/// A conversation as this device sees it. Its properties show the newest state; each call that changes the group (<see cref="InviteAsync"/> and the like) needs the
/// server, ends when the change is made, and copes by itself with others who change the group at the same moment. Safe for use by several threads at once.
/// </summary>
public sealed class Conversation
{
    private const int PageSize = 200;

    private readonly ClientState _client;
    private readonly Lock _lock = new();
    private volatile ConversationSnapshot _snapshot = new();

    internal Conversation(ClientState client, ConversationId id)
    {
        _client = client;
        Id = id;
    }

    /// <summary>Its id.</summary>
    public ConversationId Id { get; }

    /// <summary>What it is for.</summary>
    public ConversationKind Kind => _snapshot.Kind;

    /// <summary>A group's name; the other account's address of a direct conversation; <c>notes</c>.</summary>
    public string Name => _snapshot.Name;

    /// <summary>What can be done with it.</summary>
    public ConversationStatus Status => _snapshot.Status;

    /// <summary>The MLS epoch.</summary>
    public ulong Epoch => _snapshot.Epoch;

    /// <summary>Equal for all members that hold the same keys in this epoch (RFC 9420 §8.7); empty when this device is no member.</summary>
    public ReadOnlyMemory<byte> EpochAuthenticator => _snapshot.EpochAuthenticator;

    /// <summary>The MLS cipher suite.</summary>
    public string CipherSuite => _snapshot.CipherSuite;

    /// <summary>The members, sorted by account.</summary>
    public IReadOnlyList<ConversationMember> Members =>
    [
        .. _snapshot.Members.Select(member => new ConversationMember(
            member.Account, member.Devices, IsSelf(member.Account), _client.Contacts.TrustOf(member.Account))),
    ];

    /// <summary>How many messages of others came since the last that was marked read.</summary>
    public int UnreadCount => _snapshot.Unread;

    internal ConversationSnapshot Snapshot => _snapshot;

    private ClientParts Parts => _client.Parts;

    /// <summary>Says something. When it returns, the message is encrypted and on this disk, and will be sent whatever happens; no connection is needed.</summary>
    /// <exception cref="QpcException">This device is no member, or a member's key changed, or the text is too long.</exception>
    public Task<MessageId> SendTextAsync(string text, CancellationToken cancellationToken = default) => SendAsync(new TextContent(text), cancellationToken);

    /// <summary>As <see cref="SendTextAsync"/>, and waits until the server has it on its disk.</summary>
    public async Task<MessageId> SendTextAndWaitAsync(string text, CancellationToken cancellationToken = default)
    {
        MessageId id = await SendAsync(new TextContent(text), cancellationToken);
        await Parts.Outbox.WaitAsync(Id, id, cancellationToken);
        return id;
    }

    /// <summary>Many texts, each a message of its own, in their order: for scripts. They go to disk and to the server in batches; waits while too much is on its way.</summary>
    /// <returns>How many were sent. All are on the server's disk.</returns>
    public async Task<long> SendManyAsync(IAsyncEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        const int underWayMax = 2048;
        await new CallerContext(_client.Options.Home);
        var underWay = new Queue<Task>();
        long count = 0;
        await foreach (string text in texts.WithCancellation(cancellationToken))
        {
            AppMessage message = AppContent.ToWire(new TextContent(text), _client.Ids.Next(), _client.NowMs);
            underWay.Enqueue(Parts.Outbox.AddAsync(Id, message, cancellationToken));
            count++;
            while (underWay.Count >= underWayMax || (underWay.TryPeek(out Task? first) && first.IsCompleted))
            {
                await underWay.Dequeue();
            }
        }
        await Task.WhenAll(underWay);
        await Parts.Outbox.FlushAsync(Id, cancellationToken);
        return count;
    }

    /// <summary>Says anything: a reply, a reaction, an edit, a deletion, a file, an expiry. Durable like <see cref="SendTextAsync"/>.</summary>
    /// <exception cref="QpcException">This device is no member, or a member's key changed, or the content is too large.</exception>
    public async Task<MessageId> SendAsync(MessageContent content, CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        MessageId id = _client.Ids.Next();
        await Parts.Outbox.AddAsync(Id, AppContent.ToWire(content, id, _client.NowMs), cancellationToken);
        return id;
    }

    /// <summary>Tells the others that this account types. Not kept, not repeated; does nothing without a connection.</summary>
    public async Task SendTypingAsync(CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        if (Parts.Session.State == ConnectionState.Connected && Status == ConversationStatus.Active)
        {
            await ExplainAsync(() => Parts.Receipts.SendTransientAsync(
                Id, new AppMessage { SentMs = (ulong)_client.NowMs, Typing = new Quicprochat.Sdk.Messages.Typing() }, cancellationToken));
        }
    }

    /// <summary>Waits until the server has everything that was sent here before this call.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        await Parts.Outbox.FlushAsync(Id, cancellationToken);
    }

    /// <summary>Adds every device of these accounts, in one commit. Accounts that are members already stay as they are.</summary>
    /// <exception cref="QpcException">There is no such account, its key changed, none of its devices can be added, or the server is not reached.</exception>
    public async Task InviteAsync(IEnumerable<string> addresses, CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        RequireGroup();
        IReadOnlyList<string> accounts = Complete(addresses);
        await ExplainAsync(() => Parts.Maker.InviteAsync(Id, accounts, cancellationToken));
    }

    /// <summary>Removes every device of these accounts, in one commit. Accounts that are no members are no error.</summary>
    /// <exception cref="QpcException">The own account is among them, or the server is not reached.</exception>
    public async Task RemoveAsync(IEnumerable<string> addresses, CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        RequireGroup();
        HashSet<string> accounts = new(Complete(addresses), StringComparer.Ordinal);
        if (accounts.Contains(_client.Device.Account))
        {
            throw new QpcException(QpcError.NotAllowed, "Nobody can remove itself.", "Leave the conversation.");
        }
        await ExplainAsync(() => Parts.Committer.RunAsync(Id, Intention.Remove(member => accounts.Contains(member.Account)), cancellationToken));
    }

    /// <summary>Asks the others to remove all devices of this account; done when a member does. The last member just goes.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        RequireGroup();
        if (OtherAccounts().Any())
        {
            await _client.Store.WriteAsync(
                transaction =>
                {
                    ConversationState state = _client.Conversations.Require(transaction, Id.ToArray());
                    state.Row.Leaving = true;
                    _client.Conversations.Save(transaction, state, membersChanged: false);
                },
                cancellationToken);
            var message = new AppMessage { Id = Google.Protobuf.ByteString.CopyFrom(_client.Ids.Next().ToArray()), SentMs = (ulong)_client.NowMs, Leave = new Leave() };
            await Parts.Outbox.AddAsync(Id, message, cancellationToken);
            return;
        }
        await ExplainAsync(() => Parts.Committer.RunAsync(Id, Intention.Remove(static _ => true), cancellationToken));
        await _client.Store.WriteAsync(
            transaction => Parts.Follower.Leave(transaction, _client.Conversations.Require(transaction, Id.ToArray()), _client.Device.Account), cancellationToken);
    }

    /// <summary>Gives a group another name. Durable like a message; no connection is needed.</summary>
    public async Task RenameAsync(string name, CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        RequireGroup();
        string valid = RequireName(name);
        await Parts.Outbox.AddAsync(Id, GroupName.Make(_client, valid), cancellationToken);
    }

    /// <summary>Fresh keys for this device: whoever had stolen the old ones is out from here on.</summary>
    public async Task UpdateKeysAsync(CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        await ExplainAsync(() => Parts.Committer.RunAsync(Id, Intention.UpdateKeys(), cancellationToken));
    }

    /// <summary>Comes back by an external commit, as happens by itself when this device cannot follow.</summary>
    public async Task RejoinAsync(CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        await ExplainAsync(async () =>
        {
            using (await Parts.Committer.TakeTurnAsync(Id, cancellationToken))
            {
                await Parts.Housekeeper.RejoinAsync(Id, "the user asked for it", cancellationToken);
            }
        });
    }

    /// <summary>The history, oldest first: the last <paramref name="limit"/> messages, or those around a position.</summary>
    /// <param name="limit">Most messages.</param>
    /// <param name="before">Only messages before this <see cref="ChatMessage.Position"/>.</param>
    /// <param name="after">Only messages behind this <see cref="ChatMessage.Position"/>; the first of them, not the last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<ChatMessage> HistoryAsync(
        int limit = 100, long? before = null, long? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        byte[] id = Id.ToArray();
        long from = after ?? 0;
        if (after is null)
        {
            // Where the last so many begin; then forward, page by page.
            from = await _client.Store.ReadAsync(transaction => FindStart(transaction, id, before ?? long.MaxValue, limit), cancellationToken);
        }
        int left = limit;
        while (left > 0)
        {
            int page = Math.Min(left, PageSize);
            IReadOnlyList<MessageRow> rows = await _client.Store.ReadAsync(transaction => transaction.Messages.After(id, from, page), cancellationToken);
            foreach (MessageRow row in rows)
            {
                if (row.Number >= before)
                {
                    yield break;
                }
                yield return MessageStoring.ToMessage(_client, row, StateOf);
                from = row.Number;
            }
            left -= rows.Count;
            if (rows.Count < page)
            {
                yield break;
            }
        }
    }

    /// <summary>One message; null when it is not in the history.</summary>
    public async Task<ChatMessage?> FindMessageAsync(MessageId id, CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        MessageRow? row = null;
        await ExplainAsync(async () => row = await _client.Store.ReadAsync(transaction => transaction.Messages.Find(Id.ToArray(), id.ToArray()), cancellationToken));
        return row is null ? null : MessageStoring.ToMessage(_client, row, StateOf);
    }

    /// <summary>All messages up to this one were read; tells their senders when receipts are on.</summary>
    public async Task MarkReadAsync(MessageId upTo, CancellationToken cancellationToken = default)
    {
        await new CallerContext(_client.Options.Home);
        byte[] id = Id.ToArray();
        IReadOnlyList<MessageRow> read = [];
        await ExplainAsync(async () => read = await _client.Store.WriteAsync<IReadOnlyList<MessageRow>>(
            transaction =>
            {
                ConversationState state = _client.Conversations.Require(transaction, id);
                if (transaction.Messages.Find(id, upTo.ToArray()) is not { } last || last.Number <= state.Row.ReadUpTo)
                {
                    return [];
                }
                IReadOnlyList<MessageRow> behind = transaction.Messages.After(id, state.Row.ReadUpTo, int.MaxValue);
                state.Row.ReadUpTo = last.Number;
                _client.Conversations.Save(transaction, state, membersChanged: false);
                int unread = behind.Count(row => row.Number > last.Number && !IsSelf(row.Sender));
                transaction.OnCommit(() => Update(snapshot => snapshot with { Unread = unread }));
                return [.. behind.Where(row => row.Number <= last.Number && !IsSelf(row.Sender))];
            },
            cancellationToken));
        foreach (MessageRow row in read.GroupBy(static row => (row.Sender, row.SenderDevice)).Select(static messages => messages.MaxBy(static row => MessageId.From(row.MessageId.Span))!))
        {
            if (DeviceId.TryFrom(row.SenderDevice.Span, out DeviceId device))
            {
                Parts.Receipts.NoteRead(Id, row.Sender, device, MessageId.From(row.MessageId.Span));
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A name that a group can have.</summary>
    internal static string RequireName(string name)
    {
        string trimmed = name.Trim();
        return trimmed.Length is > 0 and <= Wire.NameMax && !trimmed.Any(char.IsControl)
            ? trimmed
            : throw new QpcException(QpcError.NotAllowed, "A group cannot be called that.", $"Give it a name of 1 to {Wire.NameMax} characters.");
    }

    /// <summary>Other accounts that are members.</summary>
    internal IEnumerable<string> OtherAccounts() => _snapshot.Members.Select(static member => member.Account).Where(account => !IsSelf(account));

    /// <summary>Changes what is shown.</summary>
    internal void Update(Func<ConversationSnapshot, ConversationSnapshot> change)
    {
        lock (_lock)
        {
            _snapshot = change(_snapshot);
        }
    }

    private static long FindStart(Store.StoreTransaction transaction, byte[] id, long before, int limit)
    {
        long start = before;
        int left = limit;
        while (left > 0)
        {
            IReadOnlyList<MessageRow> rows = transaction.Messages.Before(id, start, Math.Min(left, PageSize));
            if (rows.Count == 0)
            {
                break;
            }
            start = rows[0].Number;
            left -= rows.Count;
        }
        return start == before ? long.MaxValue - 1 : start - 1;
    }

    private static async Task ExplainAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not QpcException && Problems.Explain(e) is not null)
        {
            throw Problems.ExplainAll(e);
        }
    }

    private bool IsSelf(string account) => string.Equals(account, _client.Device.Account, StringComparison.Ordinal);

    private MessageState StateOf(MessageRow row)
    {
        MessageState stored = (MessageState)row.State;
        MessageId id = MessageId.From(row.MessageId.Span);
        bool thisDevice = DeviceId.TryFrom(row.SenderDevice.Span, out DeviceId device) && device == _client.Device.Id;
        return stored != MessageState.Sent || !thisDevice ? stored
            : Parts.Outbox.Holds(Id, id) ? MessageState.Queued : Parts.Receipts.StateOf(Id, OtherAccounts(), id);
    }

    private IReadOnlyList<string> Complete(IEnumerable<string> addresses)
    {
        string server = AccountAddress.ServerOf(_client.Device.Account);
        return [.. addresses.Select(address => AccountAddress.Complete(address, server)).Distinct(StringComparer.Ordinal)];
    }

    private void RequireGroup()
    {
        if (Kind != ConversationKind.Group)
        {
            throw new QpcException(QpcError.NotAllowed, "Only groups change their members and names.", "Make a group.");
        }
    }
}
