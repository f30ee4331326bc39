using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Quic.Tls;
using HashAlgorithm = Quicprochat.Crypto.Hash.HashAlgorithm;

namespace Quicprochat.Quic.Packets;

/// <summary>From secrets to keys, in version 1 (RFC 9001 §5.1, §5.2, §6.1).</summary>
internal static class KeySchedule
{
    /// <summary>Bytes of a traffic secret of the longest hash in use, SHA-384.</summary>
    public const int SecretSizeMax = 48;

    private const int InitialSecretSize = 32;

    /// <summary>Longest HkdfLabel: two bytes of length, one of label length, "tls13 " and the longest label here, one of context length.</summary>
    private const int HkdfLabelSizeMax = 2 + 1 + 6 + 16 + 1;

    private static ReadOnlySpan<byte> ClientIn => "client in"u8;

    private static ReadOnlySpan<byte> ServerIn => "server in"u8;

    private static ReadOnlySpan<byte> Key => "quic key"u8;

    private static ReadOnlySpan<byte> Iv => "quic iv"u8;

    private static ReadOnlySpan<byte> HeaderProtection => "quic hp"u8;

    private static ReadOnlySpan<byte> KeyUpdate => "quic ku"u8;

    /// <summary>Bytes of a traffic secret under <paramref name="suite"/>.</summary>
    public static int SecretSizeOf(TlsCipherSuite suite) => suite == TlsCipherSuite.Aes256GcmSha384 ? 48 : 32;

    /// <summary>The AEAD of <paramref name="suite"/>.</summary>
    public static AeadAlgorithm AeadOf(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.Aes128GcmSha256 => AeadAlgorithm.Aes128Gcm,
        TlsCipherSuite.Aes256GcmSha384 => AeadAlgorithm.Aes256Gcm,
        TlsCipherSuite.ChaCha20Poly1305Sha256 => AeadAlgorithm.ChaCha20Poly1305,
        _ => throw new ArgumentOutOfRangeException(nameof(suite)),
    };

    /// <summary>The hash of <paramref name="suite"/>.</summary>
    public static HashAlgorithm HashOf(TlsCipherSuite suite) =>
        suite == TlsCipherSuite.Aes256GcmSha384 ? HashAlgorithm.Sha384 : HashAlgorithm.Sha256;

    /// <summary>
    /// The Initial keys of <paramref name="side"/>, from the Destination Connection ID of the client's first Initial
    /// (the Retry's Source Connection ID after a Retry). They give no secrecy (RFC 9001 §5.2, §7).
    /// </summary>
    public static void DeriveInitial(CryptoProvider provider, in ConnectionId destination, Side side, out ProtectionKeys send, out ProtectionKeys receive)
    {
        send = DeriveInitial(provider, destination, side);
        receive = DeriveInitial(provider, destination, side == Side.Client ? Side.Server : Side.Client);
    }

    /// <summary>The Initial keys of one direction, that of <paramref name="sender"/>: enough, at half the price, to tell whether an Initial is worth a connection.</summary>
    public static ProtectionKeys DeriveInitial(CryptoProvider provider, in ConnectionId destination, Side sender)
    {
        Span<byte> secret = stackalloc byte[InitialSecretSize];
        DeriveInitialSecret(provider, destination, sender, secret);
        return Derive(provider, TlsCipherSuite.Aes128GcmSha256, secret);
    }

    /// <summary>The 32-byte Initial secret of packets that <paramref name="sender"/> sends (RFC 9001 §5.2).</summary>
    public static void DeriveInitialSecret(CryptoProvider provider, in ConnectionId destination, Side sender, Span<byte> secret)
    {
        HashFunction hash = provider.Hash(HashAlgorithm.Sha256);
        Span<byte> initial = stackalloc byte[InitialSecretSize];
        hash.Extract(QuicVersion.InitialSalt, destination.Span, initial);
        ExpandLabel(hash, initial, sender == Side.Client ? ClientIn : ServerIn, secret);
    }

    /// <summary>All keys that follow from a traffic secret (RFC 9001 §5.1).</summary>
    public static ProtectionKeys Derive(CryptoProvider provider, TlsCipherSuite suite, ReadOnlySpan<byte> secret) =>
        new(DerivePacketKeys(provider, suite, secret), DeriveHeaderKey(provider, suite, secret));

    /// <summary>The AEAD key and IV of a traffic secret.</summary>
    public static PacketKeys DerivePacketKeys(CryptoProvider provider, TlsCipherSuite suite, ReadOnlySpan<byte> secret)
    {
        HashFunction hash = provider.Hash(HashOf(suite));
        AeadAlgorithm algorithm = AeadOf(suite);
        Span<byte> iv = stackalloc byte[PacketKeys.IvSize];
        ExpandLabel(hash, secret, Iv, iv);
        Span<byte> key = stackalloc byte[AeadKey.KeySizeOf(algorithm)];
        ExpandLabel(hash, secret, Key, key);
        var keys = new PacketKeys(algorithm, provider.CreateAeadKey(algorithm, key), iv);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(iv);
        return keys;
    }

    /// <summary>The header protection key of a traffic secret.</summary>
    public static HeaderProtectionKey DeriveHeaderKey(CryptoProvider provider, TlsCipherSuite suite, ReadOnlySpan<byte> secret)
    {
        AeadAlgorithm algorithm = AeadOf(suite);
        Span<byte> key = stackalloc byte[AeadKey.KeySizeOf(algorithm)];
        ExpandLabel(provider.Hash(HashOf(suite)), secret, HeaderProtection, key);
        HeaderProtectionKey headerKey = provider.CreateHeaderProtectionKey(algorithm, key);
        CryptographicOperations.ZeroMemory(key);
        return headerKey;
    }

    /// <summary>The traffic secret of the next key phase, as long as <paramref name="secret"/> (RFC 9001 §6.1). The two may be the same memory.</summary>
    public static void DeriveNextSecret(CryptoProvider provider, TlsCipherSuite suite, ReadOnlySpan<byte> secret, Span<byte> next)
    {
        Span<byte> derived = stackalloc byte[SecretSizeOf(suite)];
        ExpandLabel(provider.Hash(HashOf(suite)), secret, KeyUpdate, derived);
        derived.CopyTo(next);
        CryptographicOperations.ZeroMemory(derived);
    }

    /// <summary>
    /// HKDF-Expand-Label with an empty context (RFC 9846 §7.1):
    /// <code>struct { uint16 length; opaque label&lt;7..255&gt; = "tls13 " + Label; opaque context&lt;0..255&gt;; } HkdfLabel;</code>
    /// </summary>
    private static void ExpandLabel(HashFunction hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, Span<byte> destination)
    {
        ReadOnlySpan<byte> prefix = "tls13 "u8;
        var info = new Writer(stackalloc byte[HkdfLabelSizeMax]);
        info.WriteUInt16((ushort)destination.Length);
        info.WriteByte((byte)(prefix.Length + label.Length));
        info.WriteBytes(prefix);
        info.WriteBytes(label);
        info.WriteByte(0);
        hash.Expand(secret, info.Written, destination);
    }
}
