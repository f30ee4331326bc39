using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Transport.Certificates;

/// <summary>How a peer's certificate is judged, as the application's options say.</summary>
internal sealed record CertificatePolicy
{
    /// <summary>id-kp-serverAuth: what a server's certificate must allow, if it restricts its use at all (RFC 5280 §4.2.1.12).</summary>
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    /// <summary>id-kp-clientAuth.</summary>
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>The extended key usage asked for.</summary>
    public required string Usage { get; init; }

    /// <summary>False where the peer's name is not checked: at a server.</summary>
    public required bool ChecksName { get; init; }

    /// <summary>Roots and flags; null for the system's.</summary>
    public X509ChainPolicy? ChainPolicy { get; init; }

    /// <summary>The application's last word; null to accept what is valid and nothing else.</summary>
    public RemoteCertificateValidationCallback? Callback { get; init; }

    /// <summary>Keys that are accepted in place of a chain; null where none are pinned.</summary>
    public PinnedCertificateValidator? Pins { get; init; }

    /// <summary>Tells the date.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
