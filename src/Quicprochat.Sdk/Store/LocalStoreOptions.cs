using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quicprochat.Crypto;
using Quicprochat.Sdk.Store.Sealing;
using Quicprochat.Sdk.Store.Workers;

namespace Quicprochat.Sdk.Store;

/// <summary>What a store takes from outside.</summary>
internal sealed record LocalStoreOptions
{
    /// <summary>Does what blocks; null gives the store a thread of its own.</summary>
    public IStoreWorker? Worker { get; init; }

    /// <summary>The clock of the timer that truncates the write-ahead log.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Computes.</summary>
    public CryptoProvider Crypto { get; init; } = CryptoProvider.Default;

    /// <summary>Draws keys, salts and nonces.</summary>
    public IRandomSource Random { get; init; } = SystemRandomSource.Instance;

    /// <summary>Told what happens.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>What stretching a new passphrase costs. A store remembers what it was made with.</summary>
    public PassphraseCost PassphraseCost { get; init; } = PassphraseCost.Default;

    /// <summary>
    /// The write-ahead log, where what was deleted can still be found, sealed, is truncated so long after a write. It takes three syncs of the
    /// disk, for which calls wait.
    /// </summary>
    public TimeSpan TruncateAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The write-ahead log is truncated at once when it is so long.</summary>
    public long LogLengthMax { get; init; } = 16 << 20;

    /// <summary>The database never has more pages (of 4 KiB); null for as many as fit on the disk.</summary>
    public int? PagesMax { get; init; }

    /// <summary>How many calls at most share one commit.</summary>
    public int BatchMax { get; init; } = 1024;
}
