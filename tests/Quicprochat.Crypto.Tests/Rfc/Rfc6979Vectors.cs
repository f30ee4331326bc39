using Quicprochat.Crypto.Nist;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>RFC 6979 §A.2.5, message "sample": signed so by the managed back end, accepted by both.</summary>
public sealed class Rfc6979Vectors
{
    private static readonly byte[] _privateKey = Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");

    private static readonly byte[] _scalars = Convert.FromHexString(
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716" + "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");

    public static TheoryData<string> Backends() => Backend.All();

    [Fact]
    public void The_managed_signature_is_deterministic()
    {
        var scheme = CryptoProvider.Managed.Signature(SignatureAlgorithm.EcdsaP256Sha256);
        Assert.Equal(Expected(), Sign(scheme));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Both_accept_it(string backend)
    {
        var scheme = Backend.Get(backend).Signature(SignatureAlgorithm.EcdsaP256Sha256);
        var publicKey = new byte[scheme.PublicKeySize];
        Assert.True(scheme.TryGetPublicKey(_privateKey, publicKey));
        Assert.Equal(
            Convert.FromHexString("04" + "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6" + "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"),
            publicKey);
        Assert.True(scheme.Verify(publicKey, "sample"u8, Expected()));
        Assert.False(scheme.Verify(publicKey, "samples"u8, Expected()));
    }

    private static byte[] Expected()
    {
        var der = new byte[EcdsaSignature.SizeMax(32)];
        return der[..EcdsaSignature.Write(_scalars, der)];
    }

    private static byte[] Sign(SignatureScheme scheme)
    {
        var signature = new byte[scheme.SignatureSizeMax];
        return signature[..scheme.Sign(_privateKey, "sample"u8, signature)];
    }
}
