using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Sync;

/// <summary>Works with one connection after the other: subscribes from the cursor, takes what comes in its order, and keeps everything that waits for a connection going.</summary>
internal sealed class Receiver(ClientState client, ServerSession session)
{
    private const int BatchMax = 512;
    private const long BlobBytesMax = 16 * 1024 * 1024;

    private readonly TaskCompletionSource _stocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _cursor;

    public required EnvelopeReader Reader { get; init; }

    public required LogFollower Follower { get; init; }

    public required CatchUp CatchUp { get; init; }

    public required Acknowledger Acknowledger { get; init; }

    public required KeyPackageStock Stock { get; init; }

    public required Housekeeper Housekeeper { get; init; }

    public required Committer Committer { get; init; }

    public required Outbox Outbox { get; init; }

    /// <summary>Everything up to here is stored.</summary>
    public ulong Cursor
    {
        get
        {
            lock (_lock)
            {
                return _cursor;
            }
        }
    }

    public void Load(StoreTransaction transaction) => _cursor = transaction.Mailbox.Read().Cursor;

    /// <summary>Completes when the cursor moves on from where it is now.</summary>
    public Task MovedAsync()
    {
        lock (_lock)
        {
            return _moved.Task;
        }
    }

    /// <summary>Completes when the server had all key packages it wants for the first time.</summary>
    public Task Stocked => _stocked.Task;

    /// <summary>Tells the server of an entry that is not valid.</summary>
    public void Report(ConversationId id, ByteString entryHash) => _ = client.RunAsync(() => QuietlyAsync(() => session.CallAsync(
        Methods.ReportEntry, new ReportEntryRequest { GroupId = ByteString.CopyFrom(id.ToArray()), EntryHash = entryHash }, CancellationToken.None)));

    /// <summary>Serves one connection until it ends.</summary>
    public async Task ServeAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        CheckClock(attachment.Answer);
        bool behind = await CheckRollbackAsync(attachment.Answer, cancellationToken);
        Acknowledger.Note(Cursor);
        Task reading = ReadAsync(attachment.Rpc, cancellationToken);
        try
        {
            SubscribeResponse subscribed = await SubscribeAsync(attachment.Rpc, cancellationToken);
            if (behind || subscribed.LostUpTo > Cursor)
            {
                await FindGroupsAsync(attachment.Rpc, cancellationToken);
            }
            _ = client.RunAsync(() => TendAsync(attachment.Answer.Stock, cancellationToken));
            Outbox.Wake();
        }
        catch
        {
            await attachment.Rpc.DisposeAsync();
            await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
        await reading;
    }

    private void CheckClock(AuthenticateResponse answer)
    {
        long off = client.NowMs - (long)Math.Min(answer.ServerTimeMs, long.MaxValue);
        if (answer.ServerTimeMs > 0 && Math.Abs(off) > TimeSpan.FromMinutes(30).TotalMilliseconds)
        {
            client.Events.Raise(new Notice(null, $"The clocks of this device and the server are {TimeSpan.FromMilliseconds(Math.Abs(off)).TotalMinutes:0} minutes apart. Set this one right."));
        }
    }

    /// <summary>A store that is older than what the server was told of it must not use its ratchets again.</summary>
    private async Task<bool> CheckRollbackAsync(AuthenticateResponse answer, CancellationToken cancellationToken)
    {
        if (answer.Acknowledged <= Cursor)
        {
            return false;
        }
        const string reason = "the store on this device is an older copy";
        await client.Store.WriteAsync(
            transaction =>
            {
                foreach (ConversationRow row in transaction.Conversations.List())
                {
                    if (client.Conversations.Find(transaction, row.GroupId.Span) is { Row.Left: false } state)
                    {
                        Follower.Lose(transaction, state, reason);
                    }
                }
                PutCursor(transaction, answer.Acknowledged);
            },
            cancellationToken);
        Move(answer.Acknowledged);
        client.Events.Raise(new Notice(null, "The store on this device is an older copy: its conversations are joined again, and what came since the copy was made is not in it."));
        return true;
    }

    private async Task<SubscribeResponse> SubscribeAsync(RpcClient rpc, CancellationToken cancellationToken)
    {
        SubscribeResponse answer = await rpc.CallAsync(Methods.Subscribe, new SubscribeRequest { Cursor = Cursor }, cancellationToken);
        if (answer.NewestSequence < Cursor)
        {
            // Another mailbox than the cursor is of: the server was set up anew or restored from a copy. Its numbers count, and what is known already is known by its id.
            await client.Store.WriteAsync(transaction => PutCursor(transaction, 0), cancellationToken);
            Move(0);
            client.Events.Raise(new Notice(null, "The server has lost its memory of this device's mailbox; it was probably restored from a copy."));
            answer = await rpc.CallAsync(Methods.Subscribe, new SubscribeRequest { Cursor = 0 }, cancellationToken);
        }
        if (answer.LostUpTo > Cursor)
        {
            client.Events.Raise(new Notice(null, "This device was away for so long that the server threw messages for it away."));
        }
        return answer;
    }

    /// <summary>Groups whose roster has this device, and of which nothing is in the store.</summary>
    private async Task FindGroupsAsync(RpcClient rpc, CancellationToken cancellationToken)
    {
        ListGroupsResponse groups = await rpc.CallAsync(Methods.ListGroups, new ListGroupsRequest(), cancellationToken);
        await client.Store.WriteAsync(
            transaction =>
            {
                foreach (GroupSummary group in groups.Groups)
                {
                    if (client.Conversations.Find(transaction, group.GroupId.Span) is null or { Row.Left: true })
                    {
                        transaction.Records.Put(Housekeeper.UnknownGroupKind, group.GroupId.Span, "the store on this device does not have it"u8);
                    }
                }
            },
            cancellationToken);
    }

    /// <summary>What is to be done once with every connection.</summary>
    private async Task TendAsync(IEnumerable<Rpc.Contracts.KeyPackageStock> stock, CancellationToken cancellationToken)
    {
        try
        {
            await Committer.RecoverAsync(cancellationToken);
            await Stock.RefillAsync(stock, cancellationToken);
            _stocked.TrySetResult();
            await Housekeeper.WakeAllAsync(cancellationToken);
            await Housekeeper.RefreshSomeAsync(cancellationToken);
        }
        catch (Exception e)
        {
            client.Logger.LogDebug(e, "Some of what waits for a connection waits for the next");
        }
    }

    private async Task ReadAsync(RpcClient rpc, CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<RpcPush> pushes = rpc.ReadPushesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var envelopes = new List<Envelope>();
        ValueTask<bool> next = pushes.MoveNextAsync();
        while (true)
        {
            if (envelopes.Count > 0 && (!next.IsCompleted || envelopes.Count >= BatchMax))
            {
                await TakeAsync(envelopes, cancellationToken);
                envelopes.Clear();
            }
            if (!await next)
            {
                break;
            }
            Sort(pushes.Current, envelopes);
            next = pushes.MoveNextAsync();
        }
        await TakeAsync(envelopes, cancellationToken);
    }

    private void Sort(RpcPush push, List<Envelope> envelopes)
    {
        if (push.TryParse(Rpc.Pushes.Events.Envelopes, out EnvelopesPush? came))
        {
            envelopes.AddRange(came.Envelopes);
        }
        else if (push.TryParse(Rpc.Pushes.Events.KeyPackagesLow, out KeyPackagesLowPush? low))
        {
            _ = client.RunAsync(() => QuietlyAsync(() => Stock.RefillAsync(low.Stock, CancellationToken.None)));
        }
        else if (push.TryParse(Rpc.Pushes.Events.DevicesChanged, out DevicesChangedPush? changed) && AccountAddress.IsValid(changed.Account))
        {
            _ = client.RunAsync(() => QuietlyAsync(() => Housekeeper.RefreshAsync(changed.Account, CancellationToken.None)));
        }
    }

    private async Task QuietlyAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            client.Logger.LogDebug(e, "Something the server hinted at could not be done");
        }
    }

    /// <summary>Stores what came, in parts whose blobs fit into memory.</summary>
    private async Task TakeAsync(List<Envelope> envelopes, CancellationToken cancellationToken)
    {
        int from = 0;
        while (from < envelopes.Count)
        {
            var payloads = new Dictionary<ulong, ReadOnlyMemory<byte>?>();
            long bytes = 0;
            int to = from;
            while (to < envelopes.Count && bytes < BlobBytesMax)
            {
                Envelope envelope = envelopes[to++];
                if (envelope.Payload is { BlobHash.IsEmpty: false })
                {
                    ReadOnlyMemory<byte>? blob = await FetchAsync(envelope.Payload, cancellationToken);
                    payloads[envelope.Sequence] = blob;
                    bytes += blob?.Length ?? 0;
                }
            }
            await TakeAsync(envelopes.GetRange(from, to - from), payloads, cancellationToken);
            from = to;
        }
    }

    /// <summary>Stores a batch; where the log of a group is missing entries they are fetched in between.</summary>
    private async Task TakeAsync(List<Envelope> envelopes, Dictionary<ulong, ReadOnlyMemory<byte>?> payloads, CancellationToken cancellationToken)
    {
        int at = 0;
        bool followed = false;
        while (at < envelopes.Count)
        {
            int from = at;
            bool known = followed;
            at = await TakeSomeAsync(envelopes, from, payloads, known, cancellationToken);
            followed = at == from && !known;
            if (followed)
            {
                await FollowAsync(envelopes[at].GroupId, cancellationToken);
            }
        }
    }

    private async Task<ReadOnlyMemory<byte>?> FetchAsync(Payload payload, CancellationToken cancellationToken)
    {
        try
        {
            return await BlobTransfer.GetAsync(session, payload, cancellationToken);
        }
        catch (RpcException e)
        {
            client.Logger.LogWarning(e, "A blob cannot be had");
            return null;
        }
    }

    private async Task FollowAsync(ByteString groupId, CancellationToken cancellationToken)
    {
        try
        {
            await CatchUp.FollowAsync(ConversationId.From(groupId.Span), cancellationToken);
        }
        catch (RpcException e)
        {
            client.Logger.LogDebug(e, "A log cannot be followed");
        }
    }

    /// <summary>Stores what can be stored in one go; which one to go on with.</summary>
    private async Task<int> TakeSomeAsync(
        List<Envelope> envelopes, int from, Dictionary<ulong, ReadOnlyMemory<byte>?> payloads, bool followed, CancellationToken cancellationToken)
    {
        try
        {
            return await StoreAsync(envelopes, from, envelopes.Count, payloads, followed, cancellationToken);
        }
        catch (Exception e) when (e is not (StoreException or OperationCanceledException))
        {
            client.Logger.LogError(e, "An envelope brought something unforeseen");
        }
        int at = from;
        try
        {
            while (at < envelopes.Count)
            {
                int next = await StoreAsync(envelopes, at, at + 1, payloads, followed && at == from, cancellationToken);
                if (next == at)
                {
                    return at;
                }
                at = next;
            }
            return at;
        }
        catch (Exception e) when (e is not (StoreException or OperationCanceledException))
        {
            // One that cannot be taken at all must not hold up everything behind it for ever.
            client.Logger.LogError(e, "An envelope is passed over");
            ulong cursor = envelopes[at].Sequence;
            await client.Store.WriteAsync(transaction => PutCursor(transaction, cursor), cancellationToken);
            Move(cursor);
            return at + 1;
        }
    }

    private async Task<int> StoreAsync(
        List<Envelope> envelopes, int from, int to, Dictionary<ulong, ReadOnlyMemory<byte>?> payloads, bool followed, CancellationToken cancellationToken)
    {
        (int next, ulong cursor) = await client.Store.WriteAsync(
            transaction =>
            {
                int at = from;
                ulong stored = transaction.Mailbox.Read().Cursor;
                while (at < to)
                {
                    Envelope envelope = envelopes[at];
                    ReadOnlyMemory<byte>? payload = payloads.TryGetValue(envelope.Sequence, out ReadOnlyMemory<byte>? blob) ? blob : envelope.Payload?.Inline.Memory;
                    if (envelope.Sequence > stored)
                    {
                        if (!Reader.TryTake(transaction, envelope, payload, followed && at == from))
                        {
                            break;
                        }
                        stored = envelope.Sequence;
                    }
                    at++;
                }
                PutCursor(transaction, stored);
                return (at, stored);
            },
            cancellationToken);
        Move(cursor);
        Acknowledger.Note(cursor);
        return next;
    }

    private static void PutCursor(StoreTransaction transaction, ulong cursor)
    {
        MailboxRow row = transaction.Mailbox.Read();
        if (row.Cursor != cursor)
        {
            row.Cursor = cursor;
            transaction.Mailbox.Put(row);
        }
    }

    private void Move(ulong cursor)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            _cursor = cursor;
            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        moved.TrySetResult();
    }
}
