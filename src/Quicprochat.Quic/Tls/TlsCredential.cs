namespace Quicprochat.Quic.Tls;

/// <summary>A certificate chain and its key. Immutable, shared by all connections that show it.</summary>
/// <param name="CertificateChain">DER, leaf first.</param>
/// <param name="Signer">The leaf's private key.</param>
public sealed record TlsCredential(IReadOnlyList<ReadOnlyMemory<byte>> CertificateChain, ITlsSigner Signer);
