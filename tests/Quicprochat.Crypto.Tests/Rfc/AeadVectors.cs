using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Managed;

namespace Quicprochat.Crypto.Tests.Rfc;

/// <summary>RFC 8439 §2.3.2 and §2.8.2, and test cases 4 and 16 of the GCM specification (McGrew, Viega), which NIST refers to.</summary>
public sealed class AeadVectors
{
    private const string GcmNonce = "cafebabefacedbaddecaf888";
    private const string GcmAssociatedData = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    private const string GcmPlaintext = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

    public static TheoryData<string> Backends() => Backend.All();

    [Theory]
    [MemberData(nameof(Backends))]
    public void ChaCha20Poly1305_of_Rfc_8439(string backend) => Check(
        Backend.Get(backend).CreateAeadKey(AeadAlgorithm.ChaCha20Poly1305, Hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")),
        nonce: "070000004041424344454647",
        associatedData: "50515253c0c1c2c3c4c5c6c7",
        plaintext: Convert.ToHexString("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8),
        ciphertext: "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
            + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116" + "1ae10b594f09e26a7e902ecbd0600691");

    [Theory]
    [MemberData(nameof(Backends))]
    public void Aes_128_Gcm_test_case_4(string backend) => Check(
        Backend.Get(backend).CreateAeadKey(AeadAlgorithm.Aes128Gcm, Hex("feffe9928665731c6d6a8f9467308308")),
        GcmNonce,
        GcmAssociatedData,
        GcmPlaintext,
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091" + "5bc94fbc3221a5db94fae95ae7121a47");

    [Theory]
    [MemberData(nameof(Backends))]
    public void Aes_256_Gcm_test_case_16(string backend) => Check(
        Backend.Get(backend).CreateAeadKey(AeadAlgorithm.Aes256Gcm, Hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")),
        GcmNonce,
        GcmAssociatedData,
        GcmPlaintext,
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b");

    [Fact]
    public void The_ChaCha20_block_of_Rfc_8439()
    {
        var block = new byte[ChaCha20Block.Size];
        ChaCha20Block.Compute([.. Enumerable.Range(0, 32).Select(value => (byte)value)], 1, Hex("000000090000004a00000000"), block);
        Assert.Equal(
            Hex("10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"), block);
    }

    private static void Check(AeadKey key, string nonce, string associatedData, string plaintext, string ciphertext)
    {
        using (key)
        {
            var @sealed = new byte[ciphertext.Length / 2];
            key.Seal(Hex(nonce), Hex(plaintext), Hex(associatedData), @sealed);
            Assert.Equal(Hex(ciphertext), @sealed);

            var opened = new byte[plaintext.Length / 2];
            Assert.True(key.TryOpen(Hex(nonce), @sealed, Hex(associatedData), opened));
            Assert.Equal(Hex(plaintext), opened);
        }
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);
}
