using System.Buffers.Binary;
using System.Globalization;

namespace Quicprochat.Server.Storage;

/// <summary>The 16 bytes that name a message within its group: a UUID of version 7 (RFC 9562 §5.7), whose first 48 bits are the sender's clock.</summary>
internal readonly record struct MessageId(UInt128 Value)
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    /// <summary>The id in these 16 bytes; another length is an argument error, so check what came from a peer first.</summary>
    public MessageId(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt128BigEndian(bytes)) => ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);

    /// <summary>The smallest id that a sender whose clock shows this time can make.</summary>
    public static MessageId FirstAt(long timeMs) => new((UInt128)(ulong)Math.Max(0, timeMs) << 80);

    /// <summary>Writes the 16 bytes.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>The 16 bytes in an array of their own.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
