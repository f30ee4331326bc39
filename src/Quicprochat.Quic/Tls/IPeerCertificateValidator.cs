namespace Quicprochat.Quic.Tls;

/// <summary>Judges a peer's certificate chain. Called on the connection's own thread, once for each handshake.</summary>
public interface IPeerCertificateValidator
{
    /// <summary>Null to accept, otherwise the TLS alert to refuse with (RFC 9846 §6.2), as 42 bad_certificate or 48 unknown_ca.</summary>
    /// <param name="chain">DER, leaf first, as it came on the wire; empty when a client showed none.</param>
    /// <param name="targetHost">The host name asked for; null at a server.</param>
    byte? Validate(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost);
}
