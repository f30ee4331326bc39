using Quicprochat.Crypto;

namespace Quicprochat.Quic;

/// <summary>What an endpoint is made of, and what unknown peers can make it remember.</summary>
public sealed record EndpointOptions
{
    /// <summary>Where connection ids, keys and skipped packet numbers come from.</summary>
    public IRandomSource Random { get; init; } = SystemRandomSource.Instance;

    /// <summary>True to take connections from peers. A client-only endpoint drops their Initials.</summary>
    public bool AcceptsConnections { get; init; }

    /// <summary>When a Retry is asked of a client before anything is remembered of it (RFC 9000 §8.1.2).</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.UnderLoad;

    /// <summary>Handshakes under way at once, from peers; beyond it new Initials are refused. Half of it is "load" for <see cref="Retry"/>.</summary>
    public int MaxPendingHandshakes { get; init; } = 1024;

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; } = 100_000;

    /// <summary>32 bytes from which stateless reset tokens are derived; kept across restarts they let a restarted server end its old connections. Random when null.</summary>
    public ReadOnlyMemory<byte>? StatelessResetKey { get; init; }

    /// <summary>32 bytes that seal address-validation tokens. Random when null.</summary>
    public ReadOnlyMemory<byte>? TokenKey { get; init; }

    /// <summary>Datagrams of one size that <see cref="Endpoint.TryTakeTransmit"/> may put in one buffer.</summary>
    public int MaxSegments { get; init; } = 1;
}
