using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Quicprochat.Crypto.Kem;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>
/// One exchange by key encapsulation, alone or as half of a hybrid: the client's share is a public key, the server's an encapsulation to it
/// (draft-ietf-tls-ecdhe-mlkem).
/// </summary>
internal sealed class EngineKem(EngineCrypto crypto, KeyEncapsulation kem, bool isServer) : TlsKemDomain, TlsAgreement
{
    private DecapsulationKey? _privateKey;
    private byte[]? _peerValue;
    private byte[]? _shared;

    /// <summary>BouncyCastle makes a domain for each exchange, so the domain is the exchange.</summary>
    public TlsAgreement CreateKem() => this;

    public byte[] GenerateEphemeral()
    {
        if (isServer)
        {
            return Encapsulate(_peerValue!);
        }

        var publicKey = new byte[kem.PublicKeySize];
        _privateKey = crypto.Own(kem.GenerateEphemeral(crypto.Random, publicKey));
        return publicKey;
    }

    public void ReceivePeerValue(byte[] peerValue)
    {
        if (peerValue.Length != (isServer ? kem.PublicKeySize : kem.EncapsulationSize))
        {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter); // FIPS 203 §7.2, §7.3: the length check
        }

        _peerValue = peerValue;
    }

    public TlsSecret CalculateSecret()
    {
        if (isServer)
        {
            return crypto.Adopt(_shared!);
        }

        var shared = new byte[kem.SharedSecretSize];
        bool decapsulated = _privateKey!.TryDecapsulate(_peerValue!, shared);
        _privateKey.Dispose();
        return decapsulated ? crypto.Adopt(shared) : throw new TlsFatalAlert(AlertDescription.illegal_parameter); // FIPS 203 §7.3
    }

    private byte[] Encapsulate(byte[] publicKey)
    {
        var encapsulation = new byte[kem.EncapsulationSize];
        _shared = new byte[kem.SharedSecretSize];
        return kem.TryEncapsulate(publicKey, crypto.Random, encapsulation, _shared)
            ? encapsulation
            : throw new TlsFatalAlert(AlertDescription.illegal_parameter); // FIPS 203 §7.2: the modulus check
    }
}
