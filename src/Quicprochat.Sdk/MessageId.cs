using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Quicprochat.Crypto;

namespace Quicprochat.Sdk;

/// <summary>The id of a message: a UUID of version 7 (RFC 9562 §5.7) made by its sender, unique in its conversation. Ids of one device sort by time.</summary>
public readonly record struct MessageId : IComparable<MessageId>
{
    /// <summary>Its length in bytes.</summary>
    public const int Size = 16;

    private readonly UInt128 _value;

    private MessageId(UInt128 value) => _value = value;

    /// <summary>An id from its 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are not 16.</exception>
    public static MessageId From(ReadOnlySpan<byte> bytes) =>
        TryFrom(bytes, out MessageId id) ? id : throw new ArgumentException("A message id has 16 bytes.", nameof(bytes));

    /// <summary>An id from its bytes; false when there are not 16.</summary>
    public static bool TryFrom(ReadOnlySpan<byte> bytes, out MessageId id)
    {
        bool valid = bytes.Length == Size;
        id = valid ? new MessageId(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return valid;
    }

    /// <summary>Reads an id as <see cref="ToString"/> writes it; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id)
    {
        bool valid = Guid.TryParseExact(text, "D", out Guid guid);
        id = default;
        return valid && TryFrom(guid.ToByteArray(bigEndian: true), out id);
    }

    /// <summary>The 16 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(MessageId other) => _value.CompareTo(other._value);

    /// <summary>True when <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(MessageId left, MessageId right) => left._value < right._value;

    /// <summary>True when <paramref name="left"/> sorts behind <paramref name="right"/>.</summary>
    public static bool operator >(MessageId left, MessageId right) => left._value > right._value;

    /// <summary>True unless <paramref name="left"/> sorts behind <paramref name="right"/>.</summary>
    public static bool operator <=(MessageId left, MessageId right) => left._value <= right._value;

    /// <summary>True unless <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator >=(MessageId left, MessageId right) => left._value >= right._value;

    /// <summary>As RFC 9562 §4 writes it: <c>0199b2c4-8f3e-7c11-9d2a-5f0e6b7a8c9d</c>.</summary>
    public override string ToString() => new Guid(ToArray(), bigEndian: true).ToString("D", CultureInfo.InvariantCulture);

    /// <summary>A new id: 48 bits of time, a counter of 12 bits so that ids of one millisecond keep their order, and 62 random bits.</summary>
    internal static MessageId Create(long unixMilliseconds, int counter, IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[Size];
        random.Fill(bytes[8..]);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)unixMilliseconds << 16) | 0x7000 | (uint)(counter & 0xfff));
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return From(bytes);
    }
}
