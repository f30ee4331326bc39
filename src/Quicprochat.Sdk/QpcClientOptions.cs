using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quicprochat.Crypto;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Workers;

namespace Quicprochat.Sdk;

/// <summary>What a client needs to know of its surroundings.</summary>
public sealed record QpcClientOptions
{
    /// <summary>The folder or file of the profile: everything the client keeps is in it, sealed.</summary>
    public required string ProfilePath { get; init; }

    /// <summary>What opens the profile.</summary>
    public required StoreKey Key { get; init; }

    /// <summary>Where to dial instead of the address that the profile has.</summary>
    public ServerAddress? Server { get; init; }

    /// <summary>
    /// Asked when a server shows a key that nobody named and no authority vouches for; true pins the key for ever. When null such a server is refused.
    /// A key that changed is never asked about: it is refused.
    /// </summary>
    public Func<UnknownServerKey, CancellationToken, ValueTask<bool>>? ConfirmServerKey { get; init; }

    /// <summary>Where logs go. They never contain keys or what was said.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Randomness.</summary>
    public IRandomSource Random { get; init; } = SystemRandomSource.Instance;

    /// <summary>How a lost connection is made again.</summary>
    public ReconnectOptions Reconnect { get; init; } = new();

    /// <summary>Whether others learn that a message arrived on this device (and with <see cref="Conversation.MarkReadAsync"/> that it was read).</summary>
    public bool SendReceipts { get; init; } = true;

    /// <summary>How many events may wait for one reader of <see cref="QpcClient.Events"/> before it is told that it lost some.</summary>
    public int EventsMax { get; init; } = 100_000;

    /// <summary>Makes connections instead of QUIC.</summary>
    internal ServerDialer? Dial { get; init; }

    /// <summary>Where the client's own work runs; the thread pool when null. A simulation has one thread for everything.</summary>
    internal SynchronizationContext? Home { get; init; }

    /// <summary>Does the work of the store; a thread of its own when null.</summary>
    internal IStoreWorker? StoreWorker { get; init; }
}
