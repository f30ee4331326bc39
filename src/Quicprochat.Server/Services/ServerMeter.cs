using System.Diagnostics;
using System.Diagnostics.Metrics;
using Quicprochat.Rpc.Calls;

namespace Quicprochat.Server.Services;

/// <summary>Everything that is measured, under the meter <c>Quicprochat.Server</c>. One object for each server.</summary>
internal sealed class ServerMeter : IRpcObserver, IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Quicprochat.Server";

    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _callDuration;
    private readonly Histogram<double> _storageDuration;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _copies;
    private readonly Counter<long> _pushed;
    private TaskCompletionSource? _idle;
    private int _calls;
    private int _connections;
    private int _subscriptions;
    private long _waiting;
    private long _messageCount;

    public ServerMeter()
    {
        _callDuration = _meter.CreateHistogram<double>("qpc.call.duration", "s", "From a request read to its answer written, by method and status.");
        _storageDuration = _meter.CreateHistogram<double>("qpc.storage.duration", "s", "From asking the store to its answer, for what is answered only when it is on disk.");
        _messages = _meter.CreateCounter<long>("qpc.messages.accepted", "{message}", "Messages that were stored.");
        _copies = _meter.CreateCounter<long>("qpc.messages.copies", "{copy}", "Mailboxes they were stored in.");
        _pushed = _meter.CreateCounter<long>("qpc.messages.pushed", "{copy}", "Envelopes given to subscribers.");
        _meter.CreateObservableGauge("qpc.calls.active", () => Volatile.Read(ref _calls), "{call}", "Calls in flight.");
        _meter.CreateObservableGauge("qpc.connections", () => Volatile.Read(ref _connections), "{connection}", "Connections.");
        _meter.CreateObservableGauge("qpc.subscriptions", () => Volatile.Read(ref _subscriptions), "{subscription}", "Subscribed devices.");
        _meter.CreateObservableGauge("qpc.push.queue", () => Interlocked.Read(ref _waiting), "{envelope}", "Envelopes in memory that wait for a subscriber.");
    }

    /// <summary>Calls in flight.</summary>
    public int CallsInFlight => Volatile.Read(ref _calls);

    /// <summary>Connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Subscribed devices.</summary>
    public int Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>Envelopes in memory that wait for a subscriber.</summary>
    public long EnvelopesWaiting => Interlocked.Read(ref _waiting);

    /// <summary>Messages stored since the start.</summary>
    public long MessagesAccepted => Interlocked.Read(ref _messageCount);

    /// <summary>Completes when no call is in flight.</summary>
    public Task WaitForIdleAsync()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _idle, idle);
        if (CallsInFlight == 0)
        {
            idle.TrySetResult();
        }
        return idle.Task;
    }

    public void OnCallStarted(RpcMethod method) => Interlocked.Increment(ref _calls);

    public void OnCallEnded(RpcMethod method, RpcStatus status, TimeSpan elapsed)
    {
        if (Interlocked.Decrement(ref _calls) == 0)
        {
            Volatile.Read(ref _idle)?.TrySetResult();
        }
        if (_callDuration.Enabled)
        {
            var tags = new TagList { { "method", method.Name }, { "status", status.ToString() } };
            _callDuration.Record(elapsed.TotalSeconds, tags);
        }
    }

    public void OnConnected() => Interlocked.Increment(ref _connections);

    public void OnDisconnected() => Interlocked.Decrement(ref _connections);

    public void OnSubscribed() => Interlocked.Increment(ref _subscriptions);

    public void OnUnsubscribed() => Interlocked.Decrement(ref _subscriptions);

    public void OnQueued(int envelopes) => Interlocked.Add(ref _waiting, envelopes);

    public void OnPushed(int envelopes) => _pushed.Add(envelopes);

    public void OnStored(TimeSpan elapsed, int copies)
    {
        Interlocked.Increment(ref _messageCount);
        _messages.Add(1);
        _copies.Add(copies);
        _storageDuration.Record(elapsed.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
