namespace Quicprochat.Server.KeyPackages;

/// <summary>
/// A key package as it came, an MLSMessage of wire format mls_key_package (RFC 9420 §6), read as far as a server may judge it:
/// <code>
/// struct {
///     ProtocolVersion version;
///     CipherSuite cipher_suite;
///     HPKEPublicKey init_key;
///     LeafNode leaf_node;
///     Extension extensions&lt;V&gt;;
///     opaque signature&lt;V&gt;;
/// } KeyPackage;
/// </code>
/// All spans are parts of the bytes it was read from.
/// </summary>
internal ref struct KeyPackageView
{
    private const ushort Mls10 = 1;
    private const ushort WireFormatKeyPackage = 5;
    private const ushort LastResort = 0x000A; // draft-ietf-mls-extensions, last_resort

    // More than any client has, few enough to compare each with each.
    private const int ExtensionsMax = 64;

    /// <summary>The suite it is for.</summary>
    public ushort CipherSuite { get; private set; }

    /// <summary>What a Welcome is encrypted to.</summary>
    public ReadOnlySpan<byte> InitKey { get; private set; }

    /// <summary>The leaf that would stand for the device.</summary>
    public LeafNodeView Leaf { get; private set; }

    /// <summary>Whether it has the last_resort extension.</summary>
    public bool IsLastResort { get; private set; }

    /// <summary>KeyPackageTBS: what the signature is over.</summary>
    public ReadOnlySpan<byte> SignedPart { get; private set; }

    /// <summary>The package's signature.</summary>
    public ReadOnlySpan<byte> Signature { get; private set; }

    /// <summary>Reads all of <paramref name="message"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out KeyPackageView view)
    {
        view = default;
        var reader = new MlsReader(message);
        if (!reader.TryReadUInt16(out ushort messageVersion) || messageVersion != Mls10
            || !reader.TryReadUInt16(out ushort wireFormat) || wireFormat != WireFormatKeyPackage)
        {
            return false; // RFC 9420 §6
        }
        int start = reader.Position;
        if (!reader.TryReadUInt16(out ushort version) || version != Mls10 // RFC 9420 §10
            || !reader.TryReadUInt16(out ushort suite)
            || !reader.TryReadVector(out ReadOnlySpan<byte> initKey)
            || !LeafNodeView.TryRead(ref reader, out LeafNodeView leaf)
            || !TryReadExtensions(ref reader, out bool lastResort))
        {
            return false;
        }
        view.CipherSuite = suite;
        view.InitKey = initKey;
        view.Leaf = leaf;
        view.IsLastResort = lastResort;
        view.SignedPart = reader.Since(start);
        bool signed = reader.TryReadVector(out ReadOnlySpan<byte> signature);
        view.Signature = signature;
        return signed && reader.IsAtEnd;
    }

    /// <summary>Reads a list of extensions, none of which the server looks into.</summary>
    internal static bool TryReadExtensions(ref MlsReader reader, out bool lastResort)
    {
        lastResort = false;
        if (!reader.TryReadVector(out ReadOnlySpan<byte> list))
        {
            return false;
        }
        var inner = new MlsReader(list);
        Span<ushort> seen = stackalloc ushort[ExtensionsMax];
        int count = 0;
        while (!inner.IsAtEnd)
        {
            if (count == ExtensionsMax || !inner.TryReadUInt16(out ushort type) || !inner.TryReadVector(out _) || seen[..count].Contains(type))
            {
                return false; // RFC 9420 §13.4: no type twice.
            }
            seen[count++] = type;
            lastResort |= type == LastResort;
        }
        return true;
    }
}
