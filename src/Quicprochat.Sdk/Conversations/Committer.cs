using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Sync;

namespace Quicprochat.Sdk.Conversations;

/// <summary>
/// Changes groups: makes a commit, keeps it, submits it, and moves on when the server took it. When somebody was faster, that one is processed and the intention is
/// planned again. A commit whose answer is not known is submitted again, byte for byte, before anything else.
/// </summary>
internal sealed class Committer(ClientState client, ServerSession session, LogFollower follower, CatchUp catchUp)
{
    private const int AttemptsMax = 200;

    /// <summary>Refusals that have nothing to do with speed; after so many it is not our being behind.</summary>
    private const int RefusalsMax = 4;

    private readonly ConcurrentDictionary<ConversationId, Turns> _turns = new();

    /// <summary>Waits until this device can use the group's keys again.</summary>
    public Func<ConversationId, CancellationToken, Task> EnsureUsableAsync { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Makes the intention true. False when it was true already.</summary>
    /// <exception cref="QpcException">It cannot be made true.</exception>
    public async Task<bool> RunAsync(ConversationId id, Intention intention, CancellationToken cancellationToken)
    {
        using Turns.Turn turn = await TakeTurnAsync(id, cancellationToken);
        int refusals = 0;
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            await session.AttachedAsync(cancellationToken);
            await EnsureUsableAsync(id, cancellationToken);
            await ResubmitAsync(id, cancellationToken);
            PendingCommitRow? pending = await client.Store.WriteAsync(transaction => Make(transaction, id, intention), cancellationToken);
            if (pending is null)
            {
                return false;
            }
            Submission submission = await SubmitAsync(id, pending, cancellationToken);
            if (submission == Submission.Taken)
            {
                return true;
            }
            if (submission == Submission.Refused && ++refusals >= RefusalsMax)
            {
                break;
            }
            await Task.Delay(Pause(attempt), client.Options.TimeProvider, cancellationToken);
        }
        throw new QpcException(QpcError.Contention, "Others changed the group at the same moment, again and again.", "Try again.");
    }

    /// <summary>Submits what was made before the process ended or the connection was lost.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PendingCommitRow> rows = await client.Store.ReadAsync(static transaction => transaction.PendingCommits.List(), cancellationToken);
        foreach (PendingCommitRow row in rows)
        {
            var id = ConversationId.From(row.GroupId.Span);
            using Turns.Turn turn = await TakeTurnAsync(id, cancellationToken);
            await ResubmitAsync(id, cancellationToken);
        }
    }

    /// <summary>Takes what is new in the log.</summary>
    public Task CatchUpAsync(ConversationId id, CancellationToken cancellationToken) => catchUp.FollowAsync(id, cancellationToken);

    /// <summary>Nobody else changes the group while the turn is held.</summary>
    public ValueTask<Turns.Turn> TakeTurnAsync(ConversationId id, CancellationToken cancellationToken) =>
        _turns.GetOrAdd(id, static _ => new Turns()).TakeAsync(cancellationToken);

    private TimeSpan Pause(int attempt) => TimeSpan.FromMilliseconds(client.NextDouble() * Math.Min(250, 10 << Math.Min(attempt, 5)));

    private async Task ResubmitAsync(ConversationId id, CancellationToken cancellationToken)
    {
        byte[] groupId = id.ToArray();
        PendingCommitRow? pending = await client.Store.ReadAsync(transaction => transaction.PendingCommits.Find(groupId), cancellationToken);
        if (pending is not null)
        {
            client.Logger.LogDebug("A commit whose answer is not known is submitted again");
            await SubmitAsync(id, pending, cancellationToken);
        }
    }

    /// <summary>Makes the commit, and keeps it with all that belongs to it.</summary>
    private PendingCommitRow? Make(StoreTransaction transaction, ConversationId id, Intention intention)
    {
        ConversationState state = client.Conversations.Require(transaction, id.ToArray());
        if (state.Row.Left)
        {
            throw NotMember();
        }
        if (!state.IsUsable || client.Groups.Find(transaction, state.GroupId) is not { } group)
        {
            throw new QpcException(QpcError.NotAllowed, "The conversation is being joined again.", "Try again in a moment.");
        }
        if (intention.Plan(client, group) is not { } plan)
        {
            return null;
        }
        group.DropCommit();
        var header = new CommitHeader { Follows = state.Position.LastHash, Base = state.Position.BaseHash, Added = { plan.Added }, Removed = { plan.Removed } };
        using SigningIdentity? leaf = plan.NewLeaf ? client.Device.CreateLeaf(client.Mls) : null;
        PendingCommit commit = group.Commit(client.NowSeconds, new CommitOptions
        {
            Proposals = plan.Proposals,
            IncludeReceived = false,
            WithGroupInfo = true,
            Leaf = leaf is null || leaf.CipherSuite.Id != group.CipherSuite.Id ? null : new LeafChanges { Identity = leaf },
            Message = new MessageOptions { AuthenticatedData = header.ToByteArray() },
        });
        var body = new LogEntryBody
        {
            GroupId = state.Row.GroupId,
            Index = state.Position.Index + 1,
            Follows = state.Position.LastHash,
            Base = state.Position.BaseHash,
            Epoch = group.Epoch,
            CommitHash = ByteString.CopyFrom(SHA256.HashData(commit.Message.Span)),
            Added = { plan.Added },
            Removed = { plan.Removed },
        };
        var row = new PendingCommitRow
        {
            GroupId = state.Row.GroupId,
            Body = body.ToByteString(),
            Commit = ByteString.CopyFrom(commit.Message.Span),
            Welcome = commit.Welcome is { } welcome ? ByteString.CopyFrom(welcome.Span) : ByteString.Empty,
            GroupInfo = ByteString.CopyFrom(commit.GroupInfo!.Value.Span),
            CreatedMs = client.NowMs,
        };
        transaction.PendingCommits.Put(row);
        return row;
    }

    private async Task<Submission> SubmitAsync(ConversationId id, PendingCommitRow row, CancellationToken cancellationToken)
    {
        LogEntryView view = LogEntryView.TryRead(row.Body, row.GroupId.Span, out LogEntryView? read)
            ? read
            : throw new InvalidOperationException("A commit was kept that is none.");
        try
        {
            if (view.Body.Index == 0)
            {
                await SubmitCreationAsync(row, cancellationToken);
            }
            else
            {
                await SubmitCommitAsync(row, cancellationToken);
            }
        }
        catch (RpcException e) when (e.Code == ErrorCodes.GroupConflict)
        {
            return await YieldAsync(id, row, e, cancellationToken);
        }
        catch (RpcException e) when (!e.IsRetriable && e.Status is not (Rpc.Calls.RpcStatus.Internal or Rpc.Calls.RpcStatus.Cancelled))
        {
            client.Logger.LogDebug(e, "A commit is refused");
            return await RetreatAsync(id, row, e, cancellationToken);
        }
        return await client.Store.WriteAsync(transaction => ConfirmOwn(transaction, id, view), cancellationToken) ? Submission.Taken : Submission.Lost;
    }

    private async Task SubmitCreationAsync(PendingCommitRow row, CancellationToken cancellationToken)
    {
        Payload info = await BlobTransfer.PutAsync(session, row.GroupInfo.Memory, row.GroupId, cancellationToken);
        await session.CallAsync(Methods.CreateGroup, new CreateGroupRequest { Body = row.Body, GroupInfo = info }, cancellationToken);
    }

    private async Task SubmitCommitAsync(PendingCommitRow row, CancellationToken cancellationToken)
    {
        var request = new CommitRequest
        {
            Body = row.Body,
            Commit = await BlobTransfer.PutAsync(session, row.Commit.Memory, row.GroupId, cancellationToken),
            GroupInfo = await BlobTransfer.PutAsync(session, row.GroupInfo.Memory, row.GroupId, cancellationToken),
        };
        if (!row.Welcome.IsEmpty)
        {
            request.Welcome = await BlobTransfer.PutAsync(session, row.Welcome.Memory, row.GroupId, cancellationToken);
        }
        await session.CallAsync(Methods.Commit, request, cancellationToken);
    }

    /// <summary>The server took it; the log may have told so before the answer did.</summary>
    private bool ConfirmOwn(StoreTransaction transaction, ConversationId id, LogEntryView view)
    {
        if (client.Conversations.Find(transaction, id.ToArray()) is not { IsUsable: true } state
            || client.Groups.Find(transaction, state.GroupId) is not { } group)
        {
            return false;
        }
        if (transaction.PendingCommits.Find(state.GroupId) is { } pending && pending.Body.Equals(view.Bytes))
        {
            if (view.Body.Index == 0)
            {
                transaction.PendingCommits.Delete(state.GroupId);
            }
            else
            {
                follower.Confirm(transaction, state, group, view);
            }
        }
        return state.Knows(view.Hash);
    }

    /// <summary>Somebody was faster: that one is processed first.</summary>
    private async Task<Submission> YieldAsync(ConversationId id, PendingCommitRow row, RpcException conflict, CancellationToken cancellationToken)
    {
        EntryOutcome outcome = EntryOutcome.Gap;
        if (Protobuf.TryParse(LogEntry.Parser, conflict.Detail.Span, out LogEntry? winner) && !winner.Body.IsEmpty)
        {
            outcome = await catchUp.TakeAsync(id.ToArray(), winner, cancellationToken);
        }
        if (outcome is not (EntryOutcome.Applied or EntryOutcome.Skipped))
        {
            await catchUp.FollowAsync(id, cancellationToken);
        }
        return await DropAsync(id, row, cancellationToken) ? Submission.Lost : Submission.Taken;
    }

    /// <summary>The server does not take it: either we are behind, or we may not do this.</summary>
    private async Task<Submission> RetreatAsync(ConversationId id, PendingCommitRow row, RpcException refusal, CancellationToken cancellationToken)
    {
        await DropAsync(id, row, cancellationToken);
        if (refusal.Code is ErrorCodes.GroupUnknown or ErrorCodes.GroupNotMember)
        {
            throw Problems.ExplainAll(refusal);
        }
        try
        {
            await catchUp.FollowAsync(id, cancellationToken);
        }
        catch (RpcException e)
        {
            throw Problems.ExplainAll(e);
        }
        return Submission.Refused;
    }

    /// <summary>The commit is not to be. False when it was taken after all, and the log said so.</summary>
    private Task<bool> DropAsync(ConversationId id, PendingCommitRow row, CancellationToken cancellationToken) => client.Store.WriteAsync(
        transaction =>
        {
            byte[] groupId = id.ToArray();
            if (transaction.PendingCommits.Find(groupId) is { } pending && pending.Body.Equals(row.Body))
            {
                transaction.PendingCommits.Delete(groupId);
                client.Groups.Find(transaction, groupId)?.DropCommit();
                return true;
            }
            return client.Conversations.Find(transaction, groupId) is not { } state || !state.Knows(ByteString.CopyFrom(LogEntryView.HashOf(row.Body.Span)));
        },
        cancellationToken);

    private static QpcException NotMember() => new(QpcError.NotMember, "This device is not a member of the conversation.", "Ask a member for an invitation.");

    private enum Submission
    {
        Taken,
        Lost,
        Refused,
    }
}
