using System.Collections.Concurrent;

namespace Quicprochat.Sdk.Store.Workers;

/// <summary>One thread, which one store has for itself or several share.</summary>
internal sealed class StoreThread : IStoreWorker, IDisposable
{
    private readonly BlockingCollection<Action> _queue = [];

    public StoreThread()
    {
        var thread = new Thread(Loop) { IsBackground = true, Name = "qpc store" };
        thread.Start();
    }

    public void Run(Action work) => _queue.Add(work);

    /// <summary>Takes nothing more; what was asked for is still done.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Loop()
    {
        foreach (Action work in _queue.GetConsumingEnumerable())
        {
            work();
        }
        _queue.Dispose();
    }
}
