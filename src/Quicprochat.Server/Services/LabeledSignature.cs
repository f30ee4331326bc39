using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Server.Services;

/// <summary>Ed25519 over <c>label || 0x00 || message</c> (docs/protocol/accounts.md), so that a signature for one purpose is never good for another.</summary>
internal static class LabeledSignature
{
    private static readonly SignatureScheme _ed25519 = CryptoProvider.Default.Signature(SignatureAlgorithm.Ed25519);

    public static ReadOnlySpan<byte> DeviceCertificate => "qpc device certificate v1"u8;

    public static ReadOnlySpan<byte> DeviceList => "qpc device list v1"u8;

    public static ReadOnlySpan<byte> DeviceAuthentication => "qpc device authentication v1"u8;

    /// <summary>Whether the holder of the key signed the message for this purpose. False for anything that does not fit.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        byte[] signed = new byte[label.Length + 1 + message.Length];
        label.CopyTo(signed);
        message.CopyTo(signed.AsSpan(label.Length + 1));
        return _ed25519.Verify(publicKey, signed, signature);
    }

    /// <summary>Whether the bytes are a key that can verify anything.</summary>
    public static bool IsKey(ReadOnlySpan<byte> publicKey) => _ed25519.IsValidPublicKey(publicKey);
}
