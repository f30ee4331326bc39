using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Quic.Tls;

/// <summary>Which signatures of a peer are accepted in CertificateVerify, and how each is checked (RFC 9846 §4.3.3, §4.5.2).</summary>
internal static class PeerSignature
{
    public const ushort RsaPssRsaeSha256 = 0x0804;
    public const ushort RsaPssRsaeSha384 = 0x0805;
    public const ushort RsaPssRsaeSha512 = 0x0806;

    // Below is too weak (NIST SP 800-57), above lets a peer burn a core with one public key.
    private const int RsaBitsMin = 2_048;
    private const int RsaBitsMax = 8_192;

    /// <summary>The schemes offered and accepted, best first.</summary>
    public static IReadOnlyList<ushort> Schemes { get; } =
    [
        (ushort)SignatureAlgorithm.Ed25519,
        (ushort)SignatureAlgorithm.EcdsaP256Sha256,
        (ushort)SignatureAlgorithm.EcdsaP384Sha384,
        RsaPssRsaeSha256,
        RsaPssRsaeSha384,
        RsaPssRsaeSha512,
    ];

    // What authorities sign certificates with besides: checked by whoever validates the chain, never in CertificateVerify.
    private static readonly ushort[] _pkcs1Schemes = [0x0401, 0x0501, 0x0601];

    /// <summary>The schemes accepted inside certificates: a server without this list may think its chain unwanted (RFC 9846 §4.3.3).</summary>
    public static IReadOnlyList<ushort> CertificateSchemes { get; } = [.. Schemes, .. _pkcs1Schemes];

    // 1.3.101.112, 1.2.840.10045.2.1 and 1.2.840.113549.1.1.1.
    private static ReadOnlySpan<byte> Ed25519Oid => [0x2b, 0x65, 0x70];

    private static ReadOnlySpan<byte> EcPublicKeyOid => [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

    private static ReadOnlySpan<byte> RsaEncryptionOid => [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

    // 1.2.840.10045.3.1.7 and 1.3.132.0.34, with tag and length, as they stand in the parameters of an EC key.
    private static ReadOnlySpan<byte> P256Parameters => [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

    private static ReadOnlySpan<byte> P384Parameters => [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];

    /// <summary>True when the key is of the very kind the scheme names: TLS 1.3 binds the curve to the scheme.</summary>
    public static bool Fits(ushort scheme, in CertificateFields certificate) => scheme switch
    {
        (ushort)SignatureAlgorithm.Ed25519 => certificate.KeyAlgorithm.SequenceEqual(Ed25519Oid) && certificate.KeyParameters.IsEmpty,
        (ushort)SignatureAlgorithm.EcdsaP256Sha256 => certificate.KeyAlgorithm.SequenceEqual(EcPublicKeyOid) && certificate.KeyParameters.SequenceEqual(P256Parameters),
        (ushort)SignatureAlgorithm.EcdsaP384Sha384 => certificate.KeyAlgorithm.SequenceEqual(EcPublicKeyOid) && certificate.KeyParameters.SequenceEqual(P384Parameters),
        RsaPssRsaeSha256 or RsaPssRsaeSha384 or RsaPssRsaeSha512 => certificate.KeyAlgorithm.SequenceEqual(RsaEncryptionOid),
        _ => false,
    };

    /// <summary>False for any signature, or key, that is not good. The key must fit the scheme.</summary>
    public static bool Verify(ushort scheme, in CertificateFields certificate, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => scheme switch
    {
        RsaPssRsaeSha256 => VerifyRsa(certificate, message, signature, HashAlgorithmName.SHA256),
        RsaPssRsaeSha384 => VerifyRsa(certificate, message, signature, HashAlgorithmName.SHA384),
        RsaPssRsaeSha512 => VerifyRsa(certificate, message, signature, HashAlgorithmName.SHA512),
        _ => CryptoProvider.Default.Signature((SignatureAlgorithm)scheme).Verify(certificate.PublicKey, message, signature),
    };

    private static bool VerifyRsa(in CertificateFields certificate, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        // A modulus of 8,192 bits with its exponent takes 1,038 bytes: nothing longer is worth decoding.
        if (certificate.PublicKey.Length > RsaBitsMax / 8 + 32)
        {
            return false;
        }

        using var key = RSA.Create();
        try
        {
            key.ImportRSAPublicKey(certificate.PublicKey, out _);
            return key.KeySize is >= RsaBitsMin and <= RsaBitsMax && key.VerifyData(message, signature, hash, RSASignaturePadding.Pss);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
