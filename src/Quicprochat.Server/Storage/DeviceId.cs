using System.Buffers.Binary;
using System.Globalization;

namespace Quicprochat.Server.Storage;

/// <summary>The 16 random bytes that name a device within its account.</summary>
internal readonly record struct DeviceId(UInt128 Value)
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    /// <summary>The id in these 16 bytes; another length is an argument error, so check what came from a peer first.</summary>
    public DeviceId(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt128BigEndian(bytes)) => ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);

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
