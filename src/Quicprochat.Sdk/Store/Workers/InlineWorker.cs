namespace Quicprochat.Sdk.Store.Workers;

/// <summary>Does everything at once, on the thread that asks: for a world with a single thread.</summary>
internal sealed class InlineWorker : IStoreWorker
{
    private InlineWorker()
    {
    }

    public static InlineWorker Instance { get; } = new();

    public void Run(Action work) => work();
}
