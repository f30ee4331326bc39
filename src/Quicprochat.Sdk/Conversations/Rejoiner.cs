using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Storage;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Conversations;

/// <summary>
/// Comes back into a group by an external commit that replaces this device's old leaf (docs/protocol/groups.md). Everything is tried out beside the store and comes into it
/// only when the server took the commit: a join whose answer got lost is simply made again.
/// </summary>
internal sealed class Rejoiner(ClientState client, ServerSession session)
{
    private const int AttemptsMax = 100;

    /// <summary>Joins again. The caller holds the turn of the conversation.</summary>
    /// <exception cref="QpcException">The server has no group that this device could come back to.</exception>
    public async Task RejoinAsync(ConversationId id, string reason, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            Attempt? made = await PrepareAsync(id, cancellationToken);
            if (made is null)
            {
                continue;
            }
            try
            {
                var request = new CommitRequest
                {
                    Body = made.View.Bytes,
                    Commit = await BlobTransfer.PutAsync(session, made.Commit, made.View.Body.GroupId, cancellationToken),
                    GroupInfo = await BlobTransfer.PutAsync(session, made.GroupInfo, made.View.Body.GroupId, cancellationToken),
                };
                await session.CallAsync(Methods.Commit, request, cancellationToken);
            }
            catch (RpcException e) when (e.Code is ErrorCodes.GroupConflict or ErrorCodes.GroupEntryInvalid)
            {
                client.Logger.LogDebug(e, "Joining again is tried once more");
                await Task.Delay(TimeSpan.FromMilliseconds(client.NextDouble() * 100), client.Options.TimeProvider, cancellationToken);
                continue;
            }
            await client.Store.WriteAsync(transaction => Enter(transaction, made, reason), cancellationToken);
            return;
        }
        throw new QpcException(QpcError.Contention, "Others changed the group at the same moment, again and again.", "Try again.");
    }

    private async Task<Attempt?> PrepareAsync(ConversationId id, CancellationToken cancellationToken)
    {
        byte[] groupId = id.ToArray();
        ulong epochMin = await client.Store.ReadAsync(
            transaction => client.Conversations.Find(transaction, groupId) is { Row.Left: false } state
                ? (state.Row.Unconfirmed ? state.Row.ConfirmedEpoch : state.Position.Epoch)
                : 0,
            cancellationToken);
        ByteString entryHash = ByteString.Empty;
        while (true)
        {
            GroupInfoResponse response = await session.CallAsync(
                Methods.GroupInfo, new GroupInfoRequest { GroupId = ByteString.CopyFrom(groupId), EntryHash = entryHash }, cancellationToken);
            ReadOnlyMemory<byte>? info = await BlobTransfer.GetAsync(session, response.GroupInfo, cancellationToken);
            if (!LogEntryView.TryRead(response.Entry?.Body, groupId, out LogEntryView? entry))
            {
                throw new QpcException(QpcError.Refused, "The server's answer does not hold together.", "Tell its operator.");
            }
            if (!response.Entry!.Reported && info is { } bytes && TryMake(response, entry, bytes, epochMin) is { } made)
            {
                return made;
            }
            if (entry.Body.Follows.IsEmpty || (entry.Body.Index > 0 && entry.Body.Epoch < epochMin && !response.Entry.Reported))
            {
                throw new QpcException(QpcError.NotAllowed, "The server has no state of this group that this device could come back to.", "Ask a member for an invitation.");
            }

            // The last entry may be garbage, and its GroupInfo with it: the one before.
            entryHash = entry.Body.Follows;
        }
    }

    /// <summary>Tries out to join by one GroupInfo, beside the store; null when it is none to join by.</summary>
    private Attempt? TryMake(GroupInfoResponse response, LogEntryView entry, ReadOnlyMemory<byte> info, ulong epochMin)
    {
        try
        {
            // The first time only shows the tree: which leaf is this device's?
            if (Look(info) is not { } look || look.Epoch - 1 < epochMin)
            {
                return null;
            }
            var header = new CommitHeader { Follows = response.NewestHash, Base = entry.Hash };
            var store = new MemoryGroupStore();
            MlsClient mls = Beside(store);
            using SigningIdentity leaf = client.Device.CreateLeaf(mls);
            PendingJoin join = Group.JoinExternally(
                mls, leaf, info.Span, client.NowSeconds, new ExternalJoinOptions { Resync = look.OwnLeaf, AuthenticatedData = header.ToByteArray() });
            Group group = join.Confirm();
            var body = new LogEntryBody
            {
                GroupId = entry.Body.GroupId,
                Index = response.NewestIndex + 1,
                Follows = response.NewestHash,
                Base = entry.Hash,
                Epoch = group.Epoch - 1,
                CommitHash = ByteString.CopyFrom(SHA256.HashData(join.Message.Span)),
                External = true,
            };
            return group.GroupId.Span.SequenceEqual(entry.Body.GroupId.Span)
                ? new Attempt(LogEntryView.Of(body), join.Message, group.CreateGroupInfo(), store)
                : null;
        }
        catch (MlsException e)
        {
            client.Logger.LogDebug(e, "A GroupInfo is not one to join by");
            return null;
        }
    }

    private (uint OwnLeaf, ulong Epoch)? Look(ReadOnlyMemory<byte> info)
    {
        var store = new MemoryGroupStore();
        MlsClient mls = Beside(store);
        using SigningIdentity leaf = client.Device.CreateLeaf(mls);
        Group group = Group.JoinExternally(mls, leaf, info.Span, client.NowSeconds).Confirm();
        foreach (Member member in group.Members)
        {
            if (member.LeafIndex != group.OwnLeafIndex
                && client.Directory.TryIdentify(member.Credential, out VerifiedMember? verified)
                && string.Equals(verified.Account, client.Device.Account, StringComparison.Ordinal)
                && verified.Device == client.Device.Id)
            {
                return (member.LeafIndex, group.Epoch);
            }
        }
        return null;
    }

    private MlsClient Beside(MemoryGroupStore store) => new()
    {
        Authentication = client.Directory,
        Store = store,
        Random = client.Options.Random,
        CipherSuites = ClientState.Suites,
        Credentials = client.Mls.Credentials,
        Extensions = client.Mls.Extensions,
        Retention = ClientState.Retention,
    };

    /// <summary>The server took it: what was tried out takes the place of what there was.</summary>
    private void Enter(StoreTransaction transaction, Attempt made, string reason)
    {
        byte[] groupId = made.View.Body.GroupId.ToByteArray();
        ConversationState? old = client.Conversations.Find(transaction, groupId);
        if (old is { Row.Unconfirmed: false })
        {
            // Should this turn out to be a branch of its own, the way back is not further than here.
            old.Row.ConfirmedEpoch = old.Position.Epoch;
        }
        client.Groups.Find(transaction, groupId)?.Delete();
        client.Groups.Drop(groupId);
        transaction.PendingCommits.Delete(groupId);
        client.Store.Groups.Apply(new GroupChanges
        {
            GroupId = groupId,
            Records = [.. made.Store.ReadRange(default).Select(static record => new RecordChange(record.Key, record.Value))],
        });
        Group group = client.Groups.Find(transaction, groupId) ?? throw new InvalidOperationException("The store does not have what it was given.");
        ConversationState state = Joining.Enter(client, transaction, group, (made.View, old?.Row));
        ulong epoch = group.Epoch;
        client.RaiseAfter(transaction, state, conversation => new Rejoined(conversation, epoch, reason));
    }

    /// <summary>An external commit that was made and is not submitted yet.</summary>
    private sealed record Attempt(LogEntryView View, ReadOnlyMemory<byte> Commit, ReadOnlyMemory<byte> GroupInfo, MemoryGroupStore Store);
}
