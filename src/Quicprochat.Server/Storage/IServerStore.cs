namespace Quicprochat.Server.Storage;

/// <summary>
/// Everything the server keeps. A method that changes something returns when that is durable. Nothing is assumed about being alone: other instances may work on the same data at
/// the same time. A token ends a query or the wait for a turn; a change that has begun is finished. What the disk refuses is a <see cref="StorageException"/>, and nothing
/// of the call was kept.
/// </summary>
internal interface IServerStore : IAccountStore, IKeyPackageStore, IGroupStore, IMailboxStore, IBlobStore, IAsyncDisposable
{
    /// <summary>Reads what changes from now on; what changed a moment ago in another instance may come, too.</summary>
    IChangeReader OpenChanges();

    /// <summary>Drops what is older than <see cref="StoreLimits.RetentionMs"/>, in short steps between which others have their turn.</summary>
    ValueTask<SweepResult> SweepAsync(long nowMs, CancellationToken cancellationToken);

    /// <summary>Figures, which may be a moment old.</summary>
    ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken);
}
