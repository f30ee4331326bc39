using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Server.KeyPackages;

/// <summary>Which key packages the server takes (RFC 9420 §10.1, docs/protocol/delivery.md). Only members can judge the rest of it.</summary>
internal sealed class KeyPackageRules
{
    /// <summary>Longest key package in bytes. One of the hybrid suite with its credential is near 4 KiB.</summary>
    public const int LengthMax = 32 * 1024;

    /// <summary>A leap year, and the hour by which clients date back.</summary>
    private const ulong LifetimeSecondsMax = (366 * 24 * 60 * 60) + 3600;

    /// <summary>How far clocks may be apart, in seconds.</summary>
    private const ulong SkewSeconds = 65 * 60;

    private readonly HashSet<ushort> _suites;
    private readonly SignatureScheme _ed25519 = CryptoProvider.Default.Signature(SignatureAlgorithm.Ed25519);

    /// <summary>Rules that take these suites.</summary>
    public KeyPackageRules(IEnumerable<ushort> suites) => _suites = [.. suites];

    /// <summary>Null when the package is taken, else a clause that says why not, for a person who writes a client.</summary>
    public string? FaultOf(ReadOnlySpan<byte> message, ulong nowSeconds, out KeyPackageFacts facts)
    {
        facts = default;
        if (message.Length > LengthMax)
        {
            return $"it has {message.Length} bytes and may have {LengthMax}";
        }
        if (!KeyPackageView.TryRead(message, out KeyPackageView view))
        {
            return "it is not an MLSMessage of version mls10 with wire format mls_key_package and a leaf made for a key package";
        }
        facts = new KeyPackageFacts(view.CipherSuite, view.Leaf.NotAfter, view.IsLastResort);
        return FaultOf(in view, nowSeconds);
    }

    private string? FaultOf(in KeyPackageView view, ulong nowSeconds)
    {
        if (!_suites.Contains(view.CipherSuite))
        {
            return $"its cipher suite 0x{view.CipherSuite:X4} is not taken here; those taken are {string.Join(", ", _suites.Order().Select(static suite => $"0x{suite:X4}"))}";
        }
        if (view.Leaf.NotBefore > nowSeconds + SkewSeconds || view.Leaf.NotAfter <= nowSeconds)
        {
            return "its lifetime does not hold now; set the device's clock and make a new one"; // RFC 9420 §7.2
        }
        if (view.Leaf.NotAfter < view.Leaf.NotBefore || view.Leaf.NotAfter - view.Leaf.NotBefore > LifetimeSecondsMax)
        {
            return "its lifetime ends before it begins, or is longer than a year"; // RFC 9420 §7.2
        }
        if (view.InitKey.IsEmpty || view.Leaf.EncryptionKey.IsEmpty || view.InitKey.SequenceEqual(view.Leaf.EncryptionKey))
        {
            return "its init_key and encryption_key are the same or missing"; // RFC 9420 §10.1
        }
        if (SignsWithEd25519(view.CipherSuite)
            && !(VerifyWithLabel(view.Leaf.SignatureKey, "LeafNodeTBS"u8, view.Leaf.SignedPart, view.Leaf.Signature)
                && VerifyWithLabel(view.Leaf.SignatureKey, "KeyPackageTBS"u8, view.SignedPart, view.Signature)))
        {
            return "its signatures do not verify"; // RFC 9420 §10.1, §7.3
        }
        return null;
    }

    /// <summary>The suites of RFC 9420 §17.1 and of this project's private range whose signatures are Ed25519; those of others are left to the members.</summary>
    private static bool SignsWithEd25519(ushort suite) => suite is 0x0001 or 0x0003 or 0xF001 or 0xF002;

    /// <summary>VerifyWithLabel (RFC 9420 §5.1.2).</summary>
    private bool VerifyWithLabel(ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        ReadOnlySpan<byte> prefix = "MLS 1.0 "u8;
        byte[] signed = new byte[1 + prefix.Length + label.Length + 4 + content.Length];
        int at = 0;
        signed[at++] = (byte)(prefix.Length + label.Length); // below 64, so one byte
        prefix.CopyTo(signed.AsSpan(at));
        at += prefix.Length;
        label.CopyTo(signed.AsSpan(at));
        at += label.Length;
        at += WriteLength(signed.AsSpan(at), content.Length);
        content.CopyTo(signed.AsSpan(at));
        at += content.Length;
        return _ed25519.Verify(key, signed.AsSpan(0, at), signature);
    }

    /// <summary>A vector's length in its shortest form (RFC 9420 §2.1.2).</summary>
    private static int WriteLength(Span<byte> to, int length)
    {
        if (length < 0x40)
        {
            to[0] = (byte)length;
            return 1;
        }
        if (length < 0x4000)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)(length | 0x4000));
            return 2;
        }
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(to, (uint)length | 0x8000_0000);
        return 4;
    }
}
