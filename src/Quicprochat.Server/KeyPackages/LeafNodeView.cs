namespace Quicprochat.Server.KeyPackages;

/// <summary>The leaf of a key package (RFC 9420 §7.2), read as far as a server may judge it. All spans are parts of the bytes it was read from.</summary>
internal ref struct LeafNodeView
{
    private const byte SourceKeyPackage = 1;

    /// <summary>What path secrets are encrypted to.</summary>
    public ReadOnlySpan<byte> EncryptionKey { get; private set; }

    /// <summary>What both signatures verify with.</summary>
    public ReadOnlySpan<byte> SignatureKey { get; private set; }

    /// <summary>Unix seconds.</summary>
    public ulong NotBefore { get; private set; }

    /// <summary>Unix seconds.</summary>
    public ulong NotAfter { get; private set; }

    /// <summary>LeafNodeTBS: what the signature is over.</summary>
    public ReadOnlySpan<byte> SignedPart { get; private set; }

    /// <summary>The leaf's signature.</summary>
    public ReadOnlySpan<byte> Signature { get; private set; }

    /// <summary>Reads a leaf; false also for one that was not made for a key package.</summary>
    public static bool TryRead(scoped ref MlsReader reader, out LeafNodeView leaf)
    {
        leaf = default;
        int start = reader.Position;
        if (!reader.TryReadVector(out ReadOnlySpan<byte> encryptionKey)
            || !reader.TryReadVector(out ReadOnlySpan<byte> signatureKey)
            || !reader.TryReadUInt16(out _) || !reader.TryReadVector(out _) // the credential: its type and content are the members' business
            || !TryReadCapabilities(ref reader)
            || !reader.TryReadByte(out byte source) || source != SourceKeyPackage // RFC 9420 §7.2
            || !reader.TryReadUInt64(out ulong notBefore)
            || !reader.TryReadUInt64(out ulong notAfter)
            || !KeyPackageView.TryReadExtensions(ref reader, out _))
        {
            return false;
        }
        leaf.SignedPart = reader.Since(start);
        leaf.EncryptionKey = encryptionKey;
        leaf.SignatureKey = signatureKey;
        leaf.NotBefore = notBefore;
        leaf.NotAfter = notAfter;
        bool signed = reader.TryReadVector(out ReadOnlySpan<byte> signature);
        leaf.Signature = signature;
        return signed;
    }

    /// <summary>Five lists of two-byte code points (RFC 9420 §7.2).</summary>
    private static bool TryReadCapabilities(ref MlsReader reader)
    {
        for (int list = 0; list < 5; list++)
        {
            if (!reader.TryReadVector(out ReadOnlySpan<byte> items) || items.Length % 2 != 0)
            {
                return false;
            }
        }
        return true;
    }
}
