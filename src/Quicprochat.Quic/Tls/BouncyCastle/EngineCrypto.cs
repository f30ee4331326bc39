using System.Security.Cryptography;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>
/// The primitives of one handshake: everything TLS 1.3 computes goes to <see cref="CryptoProvider.Default"/>. What TLS 1.2 would need stays
/// BouncyCastle's and is never reached. Disposing zeroes the ephemeral keys.
/// </summary>
internal sealed class EngineCrypto : BcTlsCrypto, IDisposable
{
    private readonly TlsSession _session;
    private readonly List<IDisposable> _owned = [];
    private readonly List<byte[]> _secrets = [];

    private EngineCrypto(TlsSession session, EngineRandom random)
        : base(new SecureRandom(random))
    {
        _session = session;
        Random = random;
    }

    /// <summary>The session's randomness.</summary>
    public EngineRandom Random { get; }

    public static EngineCrypto Create(TlsSession session, IRandomSource random) => new(session, new EngineRandom(random));

    /// <summary>The hash by BouncyCastle's number.</summary>
    public static HashFunction Hash(int cryptoHashAlgorithm) => CryptoProvider.Default.Hash(cryptoHashAlgorithm switch
    {
        CryptoHashAlgorithm.sha256 => Crypto.Hash.HashAlgorithm.Sha256,
        CryptoHashAlgorithm.sha384 => Crypto.Hash.HashAlgorithm.Sha384,
        _ => throw new TlsFatalAlert(AlertDescription.internal_error),
    });

    /// <summary>Disposes <paramref name="resource"/> with the handshake.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>A secret that takes <paramref name="data"/> over, and zeroes it with the handshake.</summary>
    public EngineSecret Adopt(byte[] data)
    {
        _secrets.Add(data);
        return new EngineSecret(this, data);
    }

    public override TlsSecret CreateSecret(byte[] data) => Adopt([.. data]);

    public override TlsSecret AdoptSecret(TlsSecret secret)
    {
        using Secret copy = ((EngineSecret)secret).ToSecret();
        return Adopt(copy.Span.ToArray());
    }

    public override TlsSecret CreateHybridSecret(TlsSecret s1, TlsSecret s2)
    {
        using Secret first = ((EngineSecret)s1).ToSecret();
        using Secret second = ((EngineSecret)s2).ToSecret();
        return Adopt([.. first.Span, .. second.Span]);
    }

    public override TlsSecret HkdfInit(int cryptoHashAlgorithm) => Adopt(new byte[Hash(cryptoHashAlgorithm).Size]);

    public override TlsHash CreateHash(int cryptoHashAlgorithm) => Own(new EngineHash(this, Hash(cryptoHashAlgorithm)));

    public override TlsNonceGenerator CreateNonceGenerator(byte[] additionalSeedMaterial) => new EngineNonces(Random);

    public override TlsNonceGenerator CreateNonceGenerator(ReadOnlySpan<byte> additionalSeedMaterial) => new EngineNonces(Random);

    public override TlsCertificate CreateCertificate(short type, byte[] encoding) => type == CertificateType.X509
        ? new WireCertificate(encoding)
        : throw new TlsFatalAlert(AlertDescription.unsupported_certificate); // RFC 7250 is not offered

    public override TlsECDomain CreateECDomain(TlsECConfig ecConfig) => new EngineAgreement(this, CryptoProvider.Default.Agreement(ecConfig.NamedGroup switch
    {
        NamedGroup.x25519 => KeyAgreementAlgorithm.X25519,
        NamedGroup.secp256r1 => KeyAgreementAlgorithm.P256,
        _ => throw new TlsFatalAlert(AlertDescription.internal_error),
    }));

    public override TlsKemDomain CreateKemDomain(TlsKemConfig kemConfig) => kemConfig.NamedGroup == NamedGroup.MLKEM768
        ? new EngineKem(this, CryptoProvider.Default.Kem(KemAlgorithm.MlKem768), kemConfig.IsServer)
        : throw new TlsFatalAlert(AlertDescription.internal_error);

    /// <summary>Called twice: when the handshake secrets are there, and when the application secrets are.</summary>
    public override TlsCipher CreateCipher(TlsCryptoParameters cryptoParams, int encryptionAlgorithm, int macAlgorithm)
    {
        _session.OnTrafficSecrets(cryptoParams.SecurityParameters);
        return PassThroughCipher.Instance;
    }

    public void Dispose()
    {
        foreach (IDisposable resource in _owned)
        {
            resource.Dispose();
        }

        foreach (byte[] secret in _secrets)
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
