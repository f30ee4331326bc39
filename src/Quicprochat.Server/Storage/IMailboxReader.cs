namespace Quicprochat.Server.Storage;

/// <summary>
/// Reads one mailbox onward from a cursor, for one caller at a time, and waits at its end for what comes: from this store, at once and without a query,
/// or from another one on the same data, soon.
/// </summary>
internal interface IMailboxReader : IDisposable
{
    /// <summary>The last number read.</summary>
    long Position { get; }

    /// <summary>The next envelopes, in order, never none. Throws <see cref="OperationCanceledException"/> when the token says so.</summary>
    ValueTask<IReadOnlyList<StoredEnvelope>> ReadNextAsync(PageBounds bounds, CancellationToken cancellationToken);
}
