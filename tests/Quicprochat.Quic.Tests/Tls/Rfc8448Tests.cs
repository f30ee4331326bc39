using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Quic.Tls;
using Quicprochat.Quic.Tls.BouncyCastle;
using TlsSession = Quicprochat.Quic.Tls.TlsSession;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>The key schedule of RFC 8448 §3, a simple 1-RTT handshake, through the secrets and labels the engine uses.</summary>
public sealed class Rfc8448Tests
{
    private const string ClientPrivateKey = "49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005";
    private const string ServerPublicKey = "c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f";
    private const string Shared = "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d";
    private const string HelloHash = "860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8";
    private const string ServerFinishedHash = "9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13";

    [Fact]
    public void The_shared_secret_is_the_traces()
    {
        var shared = new byte[32];
        Assert.True(CryptoProvider.Default.Agreement(KeyAgreementAlgorithm.X25519).TryAgree(Bytes(ClientPrivateKey), Bytes(ServerPublicKey), shared));
        Assert.Equal(Bytes(Shared), shared);
    }

    [Fact]
    public void Every_secret_is_the_traces()
    {
        using TlsSession session = TlsSession.CreateClient(TlsPair.ClientOptions, new SeededRandom(1), TlsPair.ClientParameters);
        using var crypto = EngineCrypto.Create(session, new SeededRandom(1));
        TlsSecret zero = crypto.HkdfInit(CryptoHashAlgorithm.sha256);
        TlsSecret early = crypto.HkdfInit(CryptoHashAlgorithm.sha256).HkdfExtract(CryptoHashAlgorithm.sha256, zero);
        AssertSecret("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a", early);

        byte[] emptyHash = crypto.CreateHash(CryptoHashAlgorithm.sha256).CalculateHash();
        TlsSecret derived = Derive(early, "derived", emptyHash);
        AssertSecret("6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba", derived);
        TlsSecret handshake = derived.HkdfExtract(CryptoHashAlgorithm.sha256, crypto.CreateSecret(Bytes(Shared)));
        AssertSecret("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac", handshake);
        AssertSecret("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21", Derive(handshake, "c hs traffic", Bytes(HelloHash)));
        TlsSecret server = Derive(handshake, "s hs traffic", Bytes(HelloHash));
        AssertSecret("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38", server);
        AssertSecret("008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8", Derive(server, "finished", []));

        TlsSecret main = Derive(handshake, "derived", emptyHash).HkdfExtract(CryptoHashAlgorithm.sha256, crypto.HkdfInit(CryptoHashAlgorithm.sha256));
        AssertSecret("18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919", main);
        AssertSecret("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5", Derive(main, "c ap traffic", Bytes(ServerFinishedHash)));
        AssertSecret("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643", Derive(main, "s ap traffic", Bytes(ServerFinishedHash)));
        AssertSecret("fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50", Derive(main, "exp master", Bytes(ServerFinishedHash)));
    }

    [Theory]
    [InlineData("key", 16, "3fce516009c21727d0f2e4e86ee403bc")]
    [InlineData("iv", 12, "5d313eb2671276ee13000b30")]
    public void HKDF_Expand_Label_gives_the_traces_server_keys(string label, int length, string expected)
    {
        HashFunction sha256 = CryptoProvider.Default.Hash(Crypto.Hash.HashAlgorithm.Sha256);
        var output = new byte[length];
        HkdfLabel.Expand(sha256, Bytes("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"), label, [], output);
        Assert.Equal(Bytes(expected), output);
    }

    private static TlsSecret Derive(TlsSecret secret, string label, byte[] context) =>
        secret.DeriveUsingPrf(PrfAlgorithm.tls13_hkdf_sha256, label, context, 32);

    private static void AssertSecret(string expected, TlsSecret secret)
    {
        using Secret copy = ((EngineSecret)secret).ToSecret();
        Assert.Equal(expected, Convert.ToHexStringLower(copy.Span));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}
