using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Agreement;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>One ephemeral Diffie-Hellman exchange (RFC 9846 §4.3.8.2).</summary>
internal sealed class EngineAgreement(EngineCrypto crypto, KeyAgreement group) : TlsECDomain, TlsAgreement
{
    private Secret? _privateKey;
    private byte[]? _peerKey;

    /// <summary>BouncyCastle makes a domain for each exchange, so the domain is the exchange.</summary>
    public TlsAgreement CreateECDH() => this;

    public byte[] GenerateEphemeral()
    {
        var publicKey = new byte[group.PublicKeySize];
        _privateKey = crypto.Own(Secret.Create(group.PrivateKeySize, (group, crypto.Random, publicKey),
            static (privateKey, key) => key.group.GenerateKeyPair(key.Random, privateKey, key.publicKey)));
        return publicKey;
    }

    public void ReceivePeerValue(byte[] peerValue)
    {
        if (!group.IsValidPublicKey(peerValue))
        {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter); // RFC 9846 §4.3.8.2, §7.4.2
        }

        _peerKey = peerValue;
    }

    public TlsSecret CalculateSecret()
    {
        var shared = new byte[group.SharedSecretSize];
        bool agreed = group.TryAgree(_privateKey!.Span, _peerKey!, shared);
        _privateKey.Dispose();
        return agreed ? crypto.Adopt(shared) : throw new TlsFatalAlert(AlertDescription.illegal_parameter); // RFC 9846 §7.4.2
    }
}
