using System.Net;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Tls.BouncyCastle;
using EdECObjectIdentifiers = Org.BouncyCastle.Asn1.EdEC.EdECObjectIdentifiers;

namespace Quicprochat.Quic.Tls;

/// <summary>Makes certificates that vouch for themselves: for tests, for a first start, and for peers who know each other by key.</summary>
public static class SelfSignedCertificate
{
    private const int SerialNumberSize = 16;

    /// <summary>A fresh key and its certificate, fit for a TLS server and a TLS client.</summary>
    /// <param name="algorithm"><see cref="SignatureAlgorithm.Ed25519"/> or <see cref="SignatureAlgorithm.EcdsaP256Sha256"/>; browsers know only the second.</param>
    /// <param name="names">DNS names and IP addresses it stands for; at least one. The first is also the subject.</param>
    /// <param name="notBefore">When it begins to be valid, to the second.</param>
    /// <param name="notAfter">When it ends to be valid, to the second. A WebTransport certificate hash allows at most 14 days.</param>
    /// <param name="random">Where key and serial number come from.</param>
    /// <exception cref="ArgumentException">Another algorithm, no name, one that is neither an address nor ASCII, or an empty span of time.</exception>
    public static TlsCredential Create(
        SignatureAlgorithm algorithm, IReadOnlyList<string> names, DateTimeOffset notBefore, DateTimeOffset notAfter, IRandomSource random)
    {
        if (names.Count == 0 || names.Any(name => name.Length == 0 || !Ascii.IsValid(name)))
        {
            throw new ArgumentException("A certificate needs a name, and a name is ASCII.", nameof(names));
        }

        if (notAfter < notBefore)
        {
            throw new ArgumentException("The certificate would end before it begins.", nameof(notAfter));
        }

        (ITlsSigner signer, SubjectPublicKeyInfo publicKey, AlgorithmIdentifier signature) = CreateKey(algorithm, random);
        Span<byte> serialNumber = stackalloc byte[SerialNumberSize];
        random.Fill(serialNumber);
        serialNumber[0] = (byte)((serialNumber[0] & 0x3f) | 0x40); // positive, and always of the same length

        var subject = new X509Name([X509Name.CN], [names[0]]);
        var generator = new X509V3CertificateGenerator();
        generator.SetSerialNumber(new BigInteger(1, serialNumber));
        generator.SetIssuerDN(subject);
        generator.SetSubjectDN(subject);
        generator.SetNotBefore(notBefore.UtcDateTime);
        generator.SetNotAfter(notAfter.UtcDateTime);
        generator.SetSubjectPublicKeyInfo(publicKey);
        generator.AddExtension(X509Extensions.BasicConstraints, critical: true, new BasicConstraints(cA: false));
        generator.AddExtension(X509Extensions.KeyUsage, critical: true, new KeyUsage(KeyUsage.DigitalSignature));
        generator.AddExtension(X509Extensions.ExtendedKeyUsage, critical: false, new ExtendedKeyUsage(KeyPurposeID.id_kp_serverAuth, KeyPurposeID.id_kp_clientAuth));
        generator.AddExtension(X509Extensions.SubjectAlternativeName, critical: false, new GeneralNames([.. names.Select(ToGeneralName)]));
        using var message = new MemoryStream();
        byte[] certificate = generator.Generate(new CertificateSignature(signer, signature, message)).GetEncoded();
        return new TlsCredential([certificate], signer);
    }

    private static (ITlsSigner Signer, SubjectPublicKeyInfo PublicKey, AlgorithmIdentifier Signature) CreateKey(SignatureAlgorithm algorithm, IRandomSource random)
    {
        if (algorithm is not (SignatureAlgorithm.Ed25519 or SignatureAlgorithm.EcdsaP256Sha256))
        {
            throw new ArgumentException("A certificate is made for Ed25519 or ECDSA on P-256.", nameof(algorithm));
        }

        SignatureScheme scheme = CryptoProvider.Default.Signature(algorithm);
        Span<byte> privateKey = stackalloc byte[scheme.PrivateKeySize];
        Span<byte> publicKey = stackalloc byte[scheme.PublicKeySize];
        scheme.GenerateKeyPair(random, privateKey, publicKey);
        try
        {
            if (algorithm == SignatureAlgorithm.Ed25519)
            {
                var ed25519 = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
                return (new Ed25519Signer(privateKey), new SubjectPublicKeyInfo(ed25519, publicKey), ed25519);
            }

            var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                D = privateKey.ToArray(),
                Q = new ECPoint { X = publicKey[1..33].ToArray(), Y = publicKey[33..].ToArray() },
            });
            var p256 = new AlgorithmIdentifier(X9ObjectIdentifiers.IdECPublicKey, SecObjectIdentifiers.SecP256r1);
            return (new EcdsaSigner(key), new SubjectPublicKeyInfo(p256, publicKey), new AlgorithmIdentifier(X9ObjectIdentifiers.ECDsaWithSha256));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    private static GeneralName ToGeneralName(string name) => IPAddress.TryParse(name, out IPAddress? address)
        ? new GeneralName(GeneralName.IPAddress, new DerOctetString(address.GetAddressBytes()))
        : new GeneralName(GeneralName.DnsName, name);
}
