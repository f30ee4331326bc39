using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// One extension (RFC 9420 §7.2), known or not:
/// <code>struct { ExtensionType extension_type; opaque extension_data&lt;V&gt;; } Extension;</code>
/// </summary>
/// <param name="Type">What it means.</param>
/// <param name="Data">Its content, encoded.</param>
public readonly record struct Extension(ExtensionType Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>True when both have the same type and content.</summary>
    public bool Equals(Extension other) => Type == other.Type && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Type);
        hash.AddBytes(Data.Span);
        return hash.ToHashCode();
    }

    internal static bool TryRead(ref Reader reader, out Extension extension)
    {
        bool read = reader.TryReadUInt16(out ushort type) & reader.TryReadVector(out ReadOnlyMemory<byte> data);
        extension = new Extension((ExtensionType)type, data);
        return read;
    }

    internal void Write(ref Writer writer)
    {
        writer.WriteUInt16((ushort)Type);
        writer.WriteVector(Data);
    }
}
