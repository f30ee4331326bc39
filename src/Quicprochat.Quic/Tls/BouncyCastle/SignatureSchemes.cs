using Org.BouncyCastle.Tls;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>The lists of <see cref="PeerSignature"/> in BouncyCastle's form.</summary>
internal static class SignatureSchemes
{
    public static readonly IList<SignatureAndHashAlgorithm> Accepted = Convert(PeerSignature.Schemes);

    public static readonly IList<SignatureAndHashAlgorithm> AcceptedInCertificates = Convert(PeerSignature.CertificateSchemes);

    /// <summary>True when a peer's list, which may be absent, holds the scheme.</summary>
    public static bool Contain(IList<SignatureAndHashAlgorithm>? list, ushort scheme) =>
        list is not null && list.Any(item => SignatureScheme.From(item) == scheme);

    private static IList<SignatureAndHashAlgorithm> Convert(IReadOnlyList<ushort> schemes) =>
        Array.AsReadOnly([.. schemes.Select(scheme => SignatureScheme.GetSignatureAndHashAlgorithm(scheme))]);
}
