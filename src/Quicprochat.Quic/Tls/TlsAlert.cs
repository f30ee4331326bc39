namespace Quicprochat.Quic.Tls;

/// <summary>TLS alerts (RFC 9846 §6.2) and what to tell a person about each.</summary>
internal static class TlsAlert
{
    public const byte UnexpectedMessage = 10;
    public const byte HandshakeFailure = 40;
    public const byte BadCertificate = 42;
    public const byte UnsupportedCertificate = 43;
    public const byte CertificateRevoked = 44;
    public const byte CertificateExpired = 45;
    public const byte CertificateUnknown = 46;
    public const byte IllegalParameter = 47;
    public const byte UnknownCa = 48;
    public const byte AccessDenied = 49;
    public const byte DecodeError = 50;
    public const byte DecryptError = 51;
    public const byte ProtocolVersion = 70;
    public const byte InsufficientSecurity = 71;
    public const byte InternalError = 80;
    public const byte MissingExtension = 109;
    public const byte UnsupportedExtension = 110;
    public const byte UnrecognizedName = 112;
    public const byte CertificateRequired = 116;
    public const byte NoApplicationProtocol = 120;

    /// <summary>CRYPTO_ERROR for <paramref name="alert"/>, with a sentence that fits any cause of it (RFC 9001 §4.8).</summary>
    public static TransportError ToError(byte alert) => TransportError.FromAlert(alert, Reason(alert));

    private static string Reason(byte alert) => alert switch
    {
        UnexpectedMessage => "The peer sent a TLS message that does not belong here.",
        HandshakeFailure => "Client and server have no cipher suite, group or signature scheme in common.",
        BadCertificate => "The peer's certificate is not valid.",
        UnsupportedCertificate => "The peer's certificate is of a kind that is not supported.",
        CertificateRevoked => "The peer's certificate has been revoked.",
        CertificateExpired => "The peer's certificate is not valid at this time.",
        CertificateUnknown => "The peer's certificate was refused.",
        IllegalParameter => "The peer sent a TLS value that is out of range or contradicts another.",
        UnknownCa => "The peer's certificate is not signed by a trusted authority.",
        AccessDenied => "The peer's certificate is valid but not allowed here.",
        DecodeError => "The peer sent a TLS message that cannot be decoded.",
        DecryptError => "A TLS signature or Finished value of the peer is wrong.",
        ProtocolVersion => "The peer does not speak TLS 1.3.",
        InsufficientSecurity => "The peer's parameters are too weak.",
        InternalError => "TLS failed on this side.",
        MissingExtension => "The peer left out a TLS extension that is required.",
        UnsupportedExtension => "The peer answered with a TLS extension that was not offered.",
        UnrecognizedName => "The server name asked for is not served here.",
        CertificateRequired => "The client showed no certificate and one is required.",
        NoApplicationProtocol => "Client and server have no application protocol in common.",
        _ => "The TLS handshake failed.",
    };
}
