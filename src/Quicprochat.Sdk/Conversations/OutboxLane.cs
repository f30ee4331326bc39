using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls.Groups;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using AppMessage = Quicprochat.Sdk.Messages.AppMessage;
using AppMessages = Quicprochat.Sdk.Messages.AppMessages;

namespace Quicprochat.Sdk.Conversations;

/// <summary>
/// What one conversation sends. One call is under way at a time, so that the order holds on every path; what is said meanwhile goes together into the next MLS message,
/// so that a line costs less the more of them there are.
/// </summary>
internal sealed class OutboxLane(ClientState client, ServerSession session, Committer committer, ConversationId id)
{
    /// <summary>Most messages in one MLS message, and most bytes.</summary>
    private const int BundleMax = 256;
    private const int BundleBytesMax = 96 * 1024;

    /// <summary>Most encrypted messages that wait while there is a connection: what comes after is gathered.</summary>
    private const int WaitingMax = 2;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Queue<Said> _said = new();
    private readonly LinkedList<OutboxRow> _rows = new();
    private readonly HashSet<long> _fresh = [];
    private readonly Dictionary<MessageId, TaskCompletionSource?> _held = [];
    private readonly byte[] _groupId = id.ToArray();
    private TaskCompletionSource _room = NewSignal();
    private Task _encrypting = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private Task _removing = Task.CompletedTask;
    private bool _isEncrypting;
    private bool _isSending;
    private bool _stopped;

    /// <summary>Takes a row that an earlier process left.</summary>
    public void Restore(OutboxRow row)
    {
        lock (_lock)
        {
            _rows.AddLast(row);
            foreach (MessageId message in IdsOf(row))
            {
                _held[message] = null;
            }
        }
    }

    public Task AddAsync(AppMessage message, CancellationToken cancellationToken)
    {
        var said = new Said(message, cancellationToken);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, typeof(QpcClient));
            _said.Enqueue(said);
            if (!_isEncrypting)
            {
                _isEncrypting = true;
                _encrypting = client.RunAsync(EncryptAllAsync);
            }
        }
        return said.Done.Task;
    }

    public void Wake()
    {
        lock (_lock)
        {
            if (!_isSending && !_stopped && _rows.Count > 0)
            {
                _isSending = true;
                _sending = client.RunAsync(SendAllAsync);
            }
        }
    }

    public bool Holds(MessageId message)
    {
        lock (_lock)
        {
            return _held.ContainsKey(message);
        }
    }

    public Task WaitAsync(MessageId message, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_held.TryGetValue(message, out TaskCompletionSource? waiter))
            {
                return Task.CompletedTask;
            }
            if (session.State == ConnectionState.Offline)
            {
                return Task.FromException(Problems.NotConnected());
            }
            waiter ??= NewSignal();
            _held[message] = waiter;
            return waiter.Task.WaitAsync(cancellationToken);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        List<Task> waiting;
        lock (_lock)
        {
            waiting = [.. _said.Select(static said => (Task)said.Done.Task)];
        }
        await Task.WhenAll(waiting).WaitAsync(cancellationToken);
        lock (_lock)
        {
            waiting = [];
            foreach (MessageId message in _held.Keys.ToList())
            {
                TaskCompletionSource waiter = _held[message] ??= NewSignal();
                waiting.Add(waiter.Task);
            }
        }
        if (waiting.Count > 0 && session.State == ConnectionState.Offline)
        {
            throw Problems.NotConnected();
        }
        foreach (Task task in waiting)
        {
            try
            {
                await task.WaitAsync(cancellationToken);
            }
            catch (QpcException e) when (e.Error != QpcError.NotConnected)
            {
                // That a message cannot be sent at all is for who sent it.
            }
        }
    }

    public async Task StopAsync()
    {
        lock (_lock)
        {
            _stopped = true;
            _room.TrySetResult();
        }
        await _encrypting;
        await _sending;
        await _removing;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IEnumerable<MessageId> IdsOf(OutboxRow row)
    {
        foreach (AppMessage message in AppMessages.Parser.ParseFrom(row.Content).Messages)
        {
            if (MessageId.TryFrom(message.Id.Span, out MessageId messageId))
            {
                yield return messageId;
            }
        }
    }

    private async Task EncryptAllAsync()
    {
        while (true)
        {
            await RoomAsync();
            List<Said> bundle;
            lock (_lock)
            {
                bundle = TakeBundle();
                if (bundle.Count == 0)
                {
                    _isEncrypting = false;
                    return;
                }
            }
            await EncryptAsync(bundle);
        }
    }

    /// <summary>Waits while the server has enough to do; without a connection nothing is gained by waiting.</summary>
    private async Task RoomAsync()
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_rows.Count < WaitingMax || _stopped || session.State != ConnectionState.Connected)
                {
                    return;
                }
                if (_room.Task.IsCompleted)
                {
                    _room = NewSignal();
                }
                room = _room.Task;
            }
            await room;
        }
    }

    private List<Said> TakeBundle()
    {
        var bundle = new List<Said>();
        int bytes = 0;
        while (bundle.Count < BundleMax && _said.TryPeek(out Said? said))
        {
            int size = said.Message.CalculateSize();
            if (bundle.Count > 0 && bytes + size > BundleBytesMax)
            {
                break;
            }
            bytes += size;
            _said.Dequeue();
            if (said.CancellationToken.IsCancellationRequested)
            {
                said.Done.TrySetCanceled(said.CancellationToken);
            }
            else
            {
                bundle.Add(said);
            }
        }
        return bundle;
    }

    private async Task EncryptAsync(List<Said> bundle)
    {
        try
        {
            var messages = new AppMessages();
            messages.Messages.Add(bundle.Select(static said => said.Message));
            while (!await client.Store.WriteAsync(transaction => TryEncrypt(transaction, messages)))
            {
                // Somebody proposed something; nothing can be said before it is settled (RFC 9420 §12.4).
                await committer.RunAsync(id, Intention.Settle(), CancellationToken.None);
            }
            bundle.ForEach(static said => said.Done.TrySetResult());
        }
        catch (Exception e)
        {
            QpcException problem = Problems.ExplainAll(e);
            bundle.ForEach(said => said.Done.TrySetException(problem));
        }
    }

    /// <summary>Encrypts and stores messages as part of a transaction that does more; false when proposals are in the way.</summary>
    public bool TryEncrypt(StoreTransaction transaction, AppMessages messages)
    {
        ConversationState state = client.Conversations.Require(transaction, _groupId);
        if (Protect(transaction, state, messages) is not { } made)
        {
            return false;
        }
        var row = new OutboxRow
        {
            Lane = state.Row.GroupId,
            MessageId = messages.Messages[0].Id,
            GroupId = state.Row.GroupId,
            EntryHash = state.Position.BaseHash,
            Kind = (uint)EnvelopeKind.Application,
            Payload = made.Ciphertext,
            Content = messages.ToByteString(),
            CreatedMs = client.NowMs,
        };
        if (!transaction.Outbox.TryAdd(row))
        {
            throw new InvalidOperationException("A message id was made twice.");
        }
        foreach (AppMessage message in messages.Messages)
        {
            MessageStoring.AddOwn(client, transaction, state, message, made.Epoch);
            GroupName.Take(client, transaction, state, message, client.Device.Account);
        }
        transaction.OnCommit(() => Append(row));
        return true;
    }

    /// <summary>Encrypts under the present epoch; null when proposals are in the way.</summary>
    private (ByteString Ciphertext, ulong Epoch)? Protect(StoreTransaction transaction, ConversationState state, AppMessages messages)
    {
        Group group = Sending.RequireGroup(client, transaction, state);
        return group.PendingProposals.Count > 0 ? null : (Sending.Protect(group, messages, messages.Messages[0].Id), group.Epoch);
    }

    private void Append(OutboxRow row)
    {
        lock (_lock)
        {
            _rows.AddLast(row);
            _fresh.Add(row.Number);
            foreach (MessageId message in IdsOf(row))
            {
                _held.TryAdd(message, null);
            }
        }
        Wake();
    }

    private async Task SendAllAsync()
    {
        while (true)
        {
            OutboxRow? row;
            lock (_lock)
            {
                row = _rows.First?.Value;
                if (row is null || _stopped)
                {
                    _isSending = false;
                    return;
                }
            }
            try
            {
                await SendAsync(row);
            }
            catch (Exception e)
            {
                if (!Settle(row, Problems.ExplainAll(e)))
                {
                    Rest();
                    return;
                }
            }
        }
    }

    /// <summary>Nothing goes out for now. The next connection goes on, or a while later the same one.</summary>
    private void Rest()
    {
        List<TaskCompletionSource> waiters = [];
        lock (_lock)
        {
            _isSending = false;
            _room.TrySetResult();
            if (session.State == ConnectionState.Offline)
            {
                // Nobody tries any more, so nobody is to wait.
                foreach (MessageId message in _held.Keys.ToList())
                {
                    waiters.AddRange(_held[message] is { } waiter ? [waiter] : []);
                    _held[message] = null;
                }
            }
        }
        waiters.ForEach(static waiter => waiter.TrySetException(Problems.NotConnected()));
        if (session.State == ConnectionState.Connected)
        {
            _ = client.RunAsync(async () =>
            {
                await Task.Delay(_pause, client.Options.TimeProvider);
                Wake();
            });
        }
    }

    /// <summary>A row that cannot be sent: for ever, or only without a connection. False for the second.</summary>
    private bool Settle(OutboxRow row, QpcException problem)
    {
        if (problem.Error is QpcError.NotConnected or QpcError.ServerUnavailable or QpcError.ProfileUnusable or QpcError.KeyChanged)
        {
            return false;
        }
        client.Logger.LogWarning(problem, "A message cannot be sent");
        Finish(row, problem);
        return true;
    }

    private async Task SendAsync(OutboxRow row)
    {
        bool fresh;
        lock (_lock)
        {
            fresh = _fresh.Remove(row.Number);
        }
        if (fresh && client.Conversations.Show(id) is { } shown && !shown.Snapshot.BaseHash.Equals(row.EntryHash))
        {
            // Nobody has seen it yet: better that those read it who are members now.
            row = await RenewAsync(row, onlyIfOld: true);
        }
        while (true)
        {
            Payload payload = await BlobTransfer.PutAsync(session, row.Payload.Memory, row.GroupId, CancellationToken.None);
            var request = new SendRequest { GroupId = row.GroupId, EntryHash = row.EntryHash, Kind = EnvelopeKind.Application, MessageId = row.MessageId, Payload = payload };
            try
            {
                await session.CallAsync(Methods.Send, request, CancellationToken.None);
                break;
            }
            catch (RpcException e) when (e.Code == ErrorCodes.GroupEpochStale)
            {
                await committer.CatchUpAsync(id, CancellationToken.None);
                row = await RenewAsync(row, onlyIfOld: false);
            }
            catch (RpcException e) when (e.Code == ErrorCodes.MessageConflict)
            {
                // An earlier attempt under another epoch arrived after all.
                break;
            }
        }
        Finish(row, null);
    }

    /// <summary>Encrypts a message again, under the present epoch; its id stays. One that was never tried is renewed only when its epoch is over.</summary>
    private async Task<OutboxRow> RenewAsync(OutboxRow row, bool onlyIfOld)
    {
        while (true)
        {
            OutboxRow? renewed = await client.Store.WriteAsync(transaction =>
            {
                ConversationState state = client.Conversations.Require(transaction, _groupId);
                if (onlyIfOld && (!state.IsUsable || state.Position.BaseHash.Equals(row.EntryHash)))
                {
                    return row;
                }
                if (Protect(transaction, state, AppMessages.Parser.ParseFrom(row.Content)) is not { } made)
                {
                    return null;
                }
                OutboxRow next = row.Clone();
                next.Payload = made.Ciphertext;
                next.EntryHash = state.Position.BaseHash;
                transaction.Outbox.Update(next);
                return next;
            });
            if (renewed is not null)
            {
                return renewed;
            }
            await committer.RunAsync(id, Intention.Settle(), CancellationToken.None);
        }
    }

    /// <summary>The server has it, or never will. The next one goes at once; that this one is done comes to disk meanwhile, and when it does not, the server knows the message again.</summary>
    private void Finish(OutboxRow row, QpcException? problem)
    {
        List<MessageId> messages = [.. IdsOf(row)];
        var waiters = new List<TaskCompletionSource>();
        lock (_lock)
        {
            _rows.RemoveFirst();
            foreach (MessageId message in messages)
            {
                if (_held.Remove(message, out TaskCompletionSource? waiter) && waiter is not null)
                {
                    waiters.Add(waiter);
                }
            }
            _room.TrySetResult();
        }
        Task before = _removing;
        _removing = RemoveAsync(before, row, messages, problem);
        foreach (TaskCompletionSource waiter in waiters)
        {
            _ = problem is null ? waiter.TrySetResult() : waiter.TrySetException(problem);
        }
    }

    private async Task RemoveAsync(Task before, OutboxRow row, List<MessageId> messages, QpcException? problem)
    {
        try
        {
            await client.Store.WriteAsync(transaction =>
            {
                transaction.Outbox.Remove(row.Number);
                ConversationState? state = client.Conversations.Find(transaction, _groupId);
                foreach (MessageId message in messages)
                {
                    if (problem is not null)
                    {
                        MessageStoring.Fail(transaction, _groupId, message);
                    }
                    if (state is not null)
                    {
                        MessageState now = problem is null ? MessageState.Sent : MessageState.Failed;
                        client.RaiseAfter(transaction, state, conversation => new MessageStateChanged(conversation, message, now));
                    }
                }
            });
        }
        catch (Exception e)
        {
            client.Logger.LogWarning(e, "That a message was sent could not be stored; it will be sent again");
        }
        await before;
    }

    /// <summary>A message that is not encrypted yet.</summary>
    private sealed record Said(AppMessage Message, CancellationToken CancellationToken)
    {
        public TaskCompletionSource Done { get; } = NewSignal();
    }
}
