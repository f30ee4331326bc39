namespace Quicprochat.Quic.Tls;

/// <summary>TLS 1.3 as a server.</summary>
public sealed record TlsServerOptions
{
    /// <summary>The certificate shown.</summary>
    public required TlsCredential Credential { get; init; }

    /// <summary>ALPN names in order of preference; at least one.</summary>
    public required IReadOnlyList<string> ApplicationProtocols { get; init; }

    /// <summary>True to ask the client for a certificate.</summary>
    public bool RequestClientCertificate { get; init; }

    /// <summary>True to refuse a client that shows none; that includes asking for one.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>Judges the client's chain; needed when one is requested.</summary>
    public IPeerCertificateValidator? CertificateValidator { get; init; }

    /// <summary>Named groups in order of preference.</summary>
    public IReadOnlyList<TlsGroup> Groups { get; init; } = TlsGroups.Default;

    /// <summary>Cipher suites in order of preference.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; } = TlsCipherSuites.Default;

    /// <summary>Told of each secret, for SSLKEYLOGFILE. Null keeps secrets inside.</summary>
    public IKeyLog? KeyLog { get; init; }
}
