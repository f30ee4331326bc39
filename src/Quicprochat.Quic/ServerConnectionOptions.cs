using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic;

/// <summary>What a server chooses for one connection, once it has seen the ClientHello.</summary>
public sealed record ServerConnectionOptions
{
    /// <summary>TLS: certificate, protocols, groups.</summary>
    public required TlsServerOptions Tls { get; init; }

    /// <summary>Transport parameters and bounds.</summary>
    public TransportOptions Transport { get; init; } = new();
}
