using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Interop.Quic;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>The parts of a handshake: the algorithms, the key schedule, TLS as a whole, and the certificate's chain.</summary>
internal sealed class HandshakeParts : IDisposable
{
    private static readonly IRandomSource _random = SystemRandomSource.Instance;

    private readonly KeyEncapsulation _kem = CryptoProvider.Default.Kem(KemAlgorithm.MlKem768);
    private readonly KeyAgreement _x25519 = CryptoProvider.Default.Agreement(KeyAgreementAlgorithm.X25519);
    private readonly TlsCredential _credential = SelfSignedCertificate.Create(
        SignatureAlgorithm.EcdsaP256Sha256, ["localhost"], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200), _random);
    private readonly byte[] _kemPrivate;
    private readonly byte[] _kemPublic;
    private readonly byte[] _encapsulation;
    private readonly byte[] _shared = new byte[32];
    private readonly byte[] _private = new byte[32];
    private readonly byte[] _public = new byte[32];
    private readonly byte[] _message = new byte[130];
    private readonly byte[] _signature;
    private readonly ConnectionId _id = ConnectionId.Draw(_random, 8);
    private readonly string _folder = TestCertificates.WriteFolder();
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _leaf;

    public HandshakeParts()
    {
        _kemPrivate = new byte[_kem.PrivateKeySize];
        _kemPublic = new byte[_kem.PublicKeySize];
        _encapsulation = new byte[_kem.EncapsulationSize];
        _kem.GenerateKeyPair(_random, _kemPrivate, _kemPublic);
        _kem.TryEncapsulate(_kemPublic, _random, _encapsulation, _shared);
        _x25519.GenerateKeyPair(_random, _private, _public);
        _signature = _credential.Signer.Sign(_message);
        _authority = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(_folder, "ca.crt")));
        _leaf = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(_folder, "server.crt")));
    }

    public IEnumerable<Part> All()
    {
        yield return new Part("handshake: ML-KEM-768 key pair, serialized", () => _kem.GenerateKeyPair(_random, _kemPrivate, _kemPublic));
        yield return new Part("handshake: ML-KEM-768 key pair, ephemeral", () => _kem.GenerateEphemeral(_random, _kemPublic).Dispose());
        yield return new Part("handshake: ML-KEM-768 encapsulate", () => _kem.TryEncapsulate(_kemPublic, _random, _encapsulation, _shared));
        yield return new Part("handshake: ML-KEM-768 decapsulate, from the seed", () => _kem.TryDecapsulate(_kemPrivate, _encapsulation, _shared));
        yield return new Part("handshake: X25519 key pair", () => _x25519.GenerateKeyPair(_random, _private, _public));
        yield return new Part("handshake: X25519 check and agree", () => _ = _x25519.IsValidPublicKey(_public) && _x25519.TryAgree(_private, _public, _shared));
        yield return new Part("handshake: ECDSA P-256 sign", () => _credential.Signer.Sign(_message));
        yield return new Part("handshake: ECDSA P-256 verify, key loaded", Verify);
        yield return new Part("handshake: Initial keys, both directions", InitialKeys);
        yield return new Part("handshake: keys of one traffic secret", () => KeySchedule.Derive(CryptoProvider.Default, TlsCipherSuite.Aes128GcmSha256, _shared).Dispose());
        yield return new Part("handshake: X509Chain of two certificates", BuildChain);
        yield return new Part("handshake: a certificate loaded", () => X509CertificateLoader.LoadCertificate(_leaf.RawDataMemory.Span).Dispose());
        yield return new Part("handshake: TLS both ends, X25519MLKEM768", () => Tls(TlsGroup.X25519MLKEM768));
        yield return new Part("handshake: TLS both ends, X25519", () => Tls(TlsGroup.X25519));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _leaf.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Verify()
    {
        CertificateFields.TryRead(_credential.CertificateChain[0].Span, out CertificateFields fields);
        if (!PeerSignature.Verify(_credential.Signer.SignatureScheme, fields, _message, _signature))
        {
            throw new CryptographicException("The signature is not good.");
        }
    }

    private void InitialKeys()
    {
        KeySchedule.DeriveInitial(CryptoProvider.Default, _id, Side.Client, out ProtectionKeys send, out ProtectionKeys receive);
        send.Dispose();
        receive.Dispose();
    }

    private void BuildChain()
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (!chain.Build(_leaf))
        {
            throw new CryptographicException("The chain is not good.");
        }
    }

    private void Tls(TlsGroup group)
    {
        using TlsSession client = TlsSession.CreateClient(
            new TlsClientOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = ["bench"],
                Groups = [group],
                CertificateValidator = new PinnedCertificateValidator(PinnedCertificateValidator.Pin(_credential.CertificateChain[0].Span)),
            },
            _random, _message);
        using TlsSession server = TlsSession.CreateServer(new TlsServerOptions { Credential = _credential, ApplicationProtocols = ["bench"] }, _random, _message);
        client.Start();
        while (!server.IsComplete || !client.IsComplete)
        {
            Pump(client, server);
            Pump(server, client);
        }
    }

    private static void Pump(TlsSession from, TlsSession to)
    {
        while (from.TryTakeSecrets(out TrafficSecrets secrets))
        {
            secrets.Read.Dispose();
            secrets.Write.Dispose();
        }
        while (from.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> bytes))
        {
            if (to.Receive(level, bytes.Span) is { } error)
            {
                throw new InvalidOperationException(error.Reason);
            }
        }
    }
}
