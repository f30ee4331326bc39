namespace Quicprochat.Server.Storage;

/// <summary>Reads what changes, from the moment it was opened.</summary>
internal interface IChangeReader : IDisposable
{
    /// <summary>The next change; waits for it.</summary>
    ValueTask<StoreChange> ReadAsync(CancellationToken cancellationToken);
}
