namespace Quicprochat.Quic.Tls;

/// <summary>TLS 1.3 as a client.</summary>
public sealed record TlsClientOptions
{
    /// <summary>The name the certificate is asked for and checked against: sent in SNI unless it is an IP address. Null for none.</summary>
    public string? TargetHost { get; init; }

    /// <summary>ALPN names in order of preference; at least one.</summary>
    public required IReadOnlyList<string> ApplicationProtocols { get; init; }

    /// <summary>Judges the server's chain and name. There is no silent default.</summary>
    public required IPeerCertificateValidator CertificateValidator { get; init; }

    /// <summary>Shown when the server asks for a certificate.</summary>
    public TlsCredential? Credential { get; init; }

    /// <summary>Named groups in order of preference; a key share is sent for the first.</summary>
    public IReadOnlyList<TlsGroup> Groups { get; init; } = TlsGroups.Default;

    /// <summary>Cipher suites in order of preference.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; } = TlsCipherSuites.Default;

    /// <summary>Told of each secret, for SSLKEYLOGFILE. Null keeps secrets inside.</summary>
    public IKeyLog? KeyLog { get; init; }
}
