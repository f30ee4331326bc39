using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>
/// A certificate as the bytes on the wire, ours or a peer's. It is not parsed before a signature must be checked with it, and never encoded anew:
/// BouncyCastle's own class does both. Only what TLS 1.3 asks of a certificate is answered.
/// </summary>
internal sealed class WireCertificate(byte[] der) : TlsCertificate
{
    public BigInteger SerialNumber => throw Unused();

    public string SigAlgOid => throw Unused();

    public byte[] GetEncoded() => der;

    public Tls13Verifier CreateVerifier(int signatureScheme)
    {
        if (!CertificateFields.TryRead(der, out CertificateFields fields) || !fields.MaySign)
        {
            throw new TlsFatalAlert(AlertDescription.bad_certificate); // RFC 9846 §4.5.1.2
        }

        var scheme = (ushort)signatureScheme;
        return PeerSignature.Fits(scheme, fields)
            ? new SignatureVerifier(scheme, der, new MemoryStream())
            : throw new TlsFatalAlert(AlertDescription.illegal_parameter); // RFC 9846 §4.3.3, §4.5.2
    }

    /// <summary>BouncyCastle looks for a demand for OCSP stapling (RFC 7633), which is the chain validator's to honour.</summary>
    public byte[]? GetExtension(DerObjectIdentifier extensionOid) => null;

    public TlsEncryptor CreateEncryptor(int tlsCertificateRole) => throw Unused();

    public TlsVerifier CreateVerifier(short signatureAlgorithm) => throw Unused();

    public Asn1Encodable GetSigAlgParams() => throw Unused();

    public short GetLegacySignatureAlgorithm() => throw Unused();

    public bool SupportsSignatureAlgorithm(short signatureAlgorithm) => throw Unused();

    public bool SupportsSignatureAlgorithmCA(short signatureAlgorithm) => throw Unused();

    public TlsCertificate CheckUsageInRole(int tlsCertificateRole) => throw Unused();

    private static TlsFatalAlert Unused() => new(AlertDescription.internal_error, "TLS 1.3 does not ask this of a certificate.");

    private sealed class SignatureVerifier(ushort scheme, byte[] certificate, MemoryStream message) : Tls13Verifier
    {
        public Stream Stream => message;

        // BouncyCastle has closed the stream by now; ToArray still gives its bytes.
        public bool VerifySignature(byte[] signature) =>
            CertificateFields.TryRead(certificate, out CertificateFields fields)
            && PeerSignature.Verify(scheme, fields, message.ToArray(), signature);
    }
}
