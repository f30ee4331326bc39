using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Tls;
using SignatureScheme = Quicprochat.Crypto.Signatures.SignatureScheme;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class SignerTests
{
    private static readonly byte[] _message = [.. Enumerable.Range(0, 130).Select(i => (byte)i)];

    [Fact]
    public void An_Ed25519_signer_signs_as_RFC_8032_says()
    {
        // RFC 8032 §7.1, TEST 3.
        using var signer = new Ed25519Signer(Convert.FromHexString("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
        Assert.Equal((ushort)SignatureAlgorithm.Ed25519, signer.SignatureScheme);
        Assert.Equal(
            "6291D657DEEC24024827E69C3ABE01A30CE548A284743A445E3680D7DB5AC3AC18FF9B538D16F290AE67F760984DC6594A7C15E9716ED28DC027BECEEA1EC40A",
            Convert.ToHexString(signer.Sign([0xaf, 0x82])));
    }

    [Theory]
    [InlineData("P-256", (ushort)SignatureAlgorithm.EcdsaP256Sha256)]
    [InlineData("P-384", (ushort)SignatureAlgorithm.EcdsaP384Sha384)]
    public void An_ECDSA_signer_takes_the_scheme_of_its_curve(string curve, ushort scheme)
    {
        var key = ECDsa.Create(curve == "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        using var signer = new EcdsaSigner(key);
        Assert.Equal(scheme, signer.SignatureScheme);
        ECPoint q = key.ExportParameters(false).Q;
        SignatureScheme verifier = CryptoProvider.Default.Signature((SignatureAlgorithm)scheme);
        Assert.True(verifier.Verify([4, .. q.X!, .. q.Y!], _message, signer.Sign(_message)));
    }

    [Fact]
    public void An_RSA_signer_signs_with_PSS()
    {
        var key = RSA.Create(2_048);
        using var signer = new RsaSigner(key);
        Assert.Equal(PeerSignature.RsaPssRsaeSha256, signer.SignatureScheme);
        Assert.True(key.VerifyData(_message, signer.Sign(_message), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    [Fact]
    public void Keys_that_do_not_fit_are_refused()
    {
        using var p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using var rsa = RSA.Create(1_024);
        Assert.Throws<ArgumentException>(() => new EcdsaSigner(p521));
        Assert.Throws<ArgumentException>(() => new EcdsaSigner(brainpool));
        Assert.Throws<ArgumentException>(() => new RsaSigner(rsa));
        Assert.Throws<ArgumentException>(() => new Ed25519Signer(new byte[31]));
    }

    [Fact]
    public void A_disposed_Ed25519_signer_does_not_sign()
    {
        var signer = new Ed25519Signer(new byte[32]);
        signer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => signer.Sign(_message));
    }
}
