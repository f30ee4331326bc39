using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic;

/// <summary>What a client needs to dial.</summary>
public sealed record ClientConnectionOptions
{
    /// <summary>TLS: names, certificates, groups.</summary>
    public required TlsClientOptions Tls { get; init; }

    /// <summary>Transport parameters and bounds.</summary>
    public TransportOptions Transport { get; init; } = new();
}
