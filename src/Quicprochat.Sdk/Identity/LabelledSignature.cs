using System.Text;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Sdk.Identity;

/// <summary>Ed25519 over <c>label ‖ 0x00 ‖ message</c> (docs/protocol/accounts.md): a signature for one purpose is never good for another.</summary>
internal static class LabelledSignature
{
    public const string DeviceCertificate = "qpc device certificate v1";
    public const string DeviceList = "qpc device list v1";
    public const string DeviceAuthentication = "qpc device authentication v1";
    public const string LeafCertificate = "qpc leaf certificate v1";
    public const string LinkRequest = "qpc link request v1";

    public const int KeySize = 32;
    private const int SignatureSize = 64;

    private static SignatureScheme Ed25519 => CryptoProvider.Default.Signature(SignatureAlgorithm.Ed25519);

    public static byte[] Sign(ReadOnlySpan<byte> seed, string label, ReadOnlySpan<byte> message)
    {
        byte[] signature = new byte[SignatureSize];
        Ed25519.Sign(seed, Content(label, message), signature);
        return signature;
    }

    public static bool Verify(ReadOnlySpan<byte> key, string label, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        key.Length == KeySize && signature.Length == SignatureSize && Ed25519.Verify(key, Content(label, message), signature);

    /// <summary>A new key pair.</summary>
    public static (byte[] Seed, byte[] Key) Generate(IRandomSource random)
    {
        byte[] seed = new byte[KeySize];
        byte[] key = new byte[KeySize];
        Ed25519.GenerateKeyPair(random, seed, key);
        return (seed, key);
    }

    public static byte[] PublicKeyOf(ReadOnlySpan<byte> seed)
    {
        byte[] key = new byte[KeySize];
        return Ed25519.TryGetPublicKey(seed, key) ? key : throw new ArgumentException("That is not an Ed25519 seed.", nameof(seed));
    }

    private static byte[] Content(string label, ReadOnlySpan<byte> message)
    {
        byte[] content = new byte[label.Length + 1 + message.Length];
        Encoding.ASCII.GetBytes(label, content);
        message.CopyTo(content.AsSpan(label.Length + 1));
        return content;
    }
}
