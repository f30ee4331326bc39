using System.Reflection;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests;

/// <summary>Holds up, or fails, what is sent to a store.</summary>
internal sealed class StoreGate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource? _closed;
    private volatile Exception? _failure;

    /// <summary>A message waits at the gate.</summary>
    public Task Reached => _reached.Task.WaitAsync(Patience.Long);

    /// <summary>A message that waited was given up.</summary>
    public Task Cancelled => _cancelled.Task.WaitAsync(Patience.Long);

    public void Close() => _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => Interlocked.Exchange(ref _closed, null)?.TrySetResult();

    public void Fail(Exception? failure) => _failure = failure;

    /// <summary>The store behind the gate.</summary>
    public IServerStore Wrap(IServerStore store)
    {
        IServerStore proxy = DispatchProxy.Create<IServerStore, Proxy>();
        ((Proxy)(object)proxy).Set(this, store);
        return proxy;
    }

    private async ValueTask<SendResult> SendAsync(IServerStore store, NewMessage message, long nowMs, CancellationToken cancellationToken)
    {
        if (_failure is { } failure)
        {
            throw failure;
        }
        if (_closed is { } closed)
        {
            _reached.TrySetResult();
            try
            {
                await closed.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _cancelled.TrySetResult();
                throw;
            }
        }
        return await store.SendAsync(message, nowMs, cancellationToken);
    }

    // Not sealed: a proxy is derived from it.
    internal class Proxy : DispatchProxy
    {
        private StoreGate _gate = null!;
        private IServerStore _store = null!;

        public void Set(StoreGate gate, IServerStore store) => (_gate, _store) = (gate, store);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(IMailboxStore.SendAsync)
            ? Send(args!)
            : targetMethod.Invoke(_store, args);

        private object Send(object?[] args)
        {
            ValueTask<SendResult> sending = _gate.SendAsync(_store, (NewMessage)args[0]!, (long)args[1]!, (CancellationToken)args[2]!);
            return sending;
        }
    }
}
