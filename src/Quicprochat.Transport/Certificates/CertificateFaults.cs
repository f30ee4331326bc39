using System.Security.Cryptography.X509Certificates;

namespace Quicprochat.Transport.Certificates;

/// <summary>What to tell the peer, and what to tell ourselves, about a <see cref="CertificateFault"/>.</summary>
internal static class CertificateFaults
{
    /// <summary>The TLS alert (RFC 9846 §6.2).</summary>
    public static byte Alert(this CertificateFault fault) => fault switch
    {
        CertificateFault.Missing => 116,                                    // certificate_required
        CertificateFault.Malformed or CertificateFault.NameMismatch => 42,  // bad_certificate
        CertificateFault.WrongUsage => 43,                                  // unsupported_certificate
        CertificateFault.Revoked => 44,                                     // certificate_revoked
        CertificateFault.Expired => 45,                                     // certificate_expired
        CertificateFault.Untrusted => 48,                                   // unknown_ca
        CertificateFault.CallbackFailed => 80,                              // internal_error
        _ => 46,                                                            // certificate_unknown
    };

    /// <summary>A sentence for this end's exception and log; the peer is told only the alert.</summary>
    public static string Explain(this CertificateFault fault, string? targetHost) => fault switch
    {
        CertificateFault.Missing => "The peer showed no certificate.",
        CertificateFault.Malformed => "The peer's certificate cannot be read.",
        CertificateFault.Untrusted => "The peer's certificate chain ends at no trusted root.",
        CertificateFault.Expired => "The peer's certificate, or one above it, is not valid at this time.",
        CertificateFault.Revoked => "The peer's certificate, or one above it, has been revoked.",
        CertificateFault.WrongUsage => "The peer's certificate, or one above it, may not be used for this.",
        CertificateFault.NameMismatch => $"The peer's certificate was not made for '{targetHost}'.",
        CertificateFault.PinMismatch => "The key of the peer's certificate is not one of the pinned keys.",
        CertificateFault.BrokenChain => "The peer's certificate chain does not hold.",
        CertificateFault.RefusedByCallback => "The application refused the peer's certificate.",
        CertificateFault.CallbackFailed => "The application's certificate callback failed.",
        _ => "The peer's certificate is valid.",
    };

    /// <summary>The most telling fault of a chain that was built.</summary>
    public static CertificateFault Of(IReadOnlyList<X509ChainStatus> statuses)
    {
        var all = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in statuses)
        {
            all |= status.Status;
        }
        return all switch
        {
            X509ChainStatusFlags.NoError => CertificateFault.None,
            _ when Has(X509ChainStatusFlags.Revoked | X509ChainStatusFlags.ExplicitDistrust) => CertificateFault.Revoked,
            _ when Has(X509ChainStatusFlags.NotSignatureValid) => CertificateFault.BrokenChain,
            _ when Has(X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot) => CertificateFault.Untrusted,
            _ when Has(X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested) => CertificateFault.Expired,
            _ when Has(X509ChainStatusFlags.NotValidForUsage | X509ChainStatusFlags.InvalidBasicConstraints) => CertificateFault.WrongUsage,
            _ => CertificateFault.BrokenChain,
        };

        bool Has(X509ChainStatusFlags flags) => (all & flags) != 0;
    }
}
