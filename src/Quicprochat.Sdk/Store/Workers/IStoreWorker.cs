namespace Quicprochat.Sdk.Store.Workers;

/// <summary>
/// Where a store does what blocks: SQLite, and stretching a passphrase. A simulation runs it at once, on its only thread.
/// </summary>
internal interface IStoreWorker
{
    /// <summary>Runs <paramref name="work"/>, which does not throw, some time later or before this returns. What one store runs never overlaps: it asks for the next when the last is over.</summary>
    void Run(Action work);
}
