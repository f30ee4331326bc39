namespace Quicprochat.Quic.Tls;

/// <summary>Lists of cipher suites.</summary>
public static class TlsCipherSuites
{
    /// <summary>AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305.</summary>
    public static IReadOnlyList<TlsCipherSuite> Default { get; } =
        [TlsCipherSuite.Aes128GcmSha256, TlsCipherSuite.Aes256GcmSha384, TlsCipherSuite.ChaCha20Poly1305Sha256];
}
