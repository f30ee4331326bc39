using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic;

/// <summary>What a client needs to dial.</summary>
public sealed record ClientConnectionOptions
{
    /// <summary>TLS: names, certificates, groups.</summary>
    public required TlsClientOptions Tls { get; init; }

    /// <summary>A token the same server gave on an earlier connection (<see cref="Connection.NewestAddressToken"/>); it saves a Retry.</summary>
    public ReadOnlyMemory<byte>? AddressToken { get; init; }

    /// <summary>Transport parameters and bounds.</summary>
    public TransportOptions Transport { get; init; } = new();
}
