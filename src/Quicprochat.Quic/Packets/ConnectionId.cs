using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quicprochat.Crypto;

namespace Quicprochat.Quic.Packets;

/// <summary>A connection id of version 1: up to 20 bytes, held inline (RFC 9000 §5.1, §17.2). The default value is the empty one.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct ConnectionId : IEquatable<ConnectionId>
{
    /// <summary>The longest connection id of version 1, in bytes.</summary>
    public const int MaxLength = 20;

    // 20 bytes in memory order, those beyond the length zero, so that equality is three comparisons.
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;
    private readonly byte _length;

    private ConnectionId(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        bytes.CopyTo(padded);
        _first = MemoryMarshal.Read<ulong>(padded);
        _second = MemoryMarshal.Read<ulong>(padded[8..]);
        _third = MemoryMarshal.Read<uint>(padded[16..]);
        _length = (byte)bytes.Length;
    }

    /// <summary>Length in bytes, 0 to 20.</summary>
    public int Length => _length;

    /// <summary>True for the connection id of no bytes.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>The bytes, where this value lies.</summary>
    [UnscopedRef]
    internal ReadOnlySpan<byte> Span =>
        MemoryMarshal.CreateReadOnlySpan(in Unsafe.As<ulong, byte>(ref Unsafe.AsRef(in _first)), _length);

    /// <summary>A copy of <paramref name="bytes"/>.</summary>
    /// <exception cref="ArgumentException">There are more than 20.</exception>
    public static ConnectionId From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
        {
            throw new ArgumentException("A connection id is at most 20 bytes.", nameof(bytes));
        }
        return new ConnectionId(bytes);
    }

    /// <summary>A random connection id of <paramref name="length"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or more than 20.</exception>
    public static ConnectionId Draw(IRandomSource random, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unchecked((uint)length), (uint)MaxLength, nameof(length));
        Span<byte> bytes = stackalloc byte[MaxLength];
        random.Fill(bytes[..length]);
        return new ConnectionId(bytes[..length]);
    }

    /// <summary>Copies the bytes to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void CopyTo(Span<byte> destination) => Span.CopyTo(destination);

    /// <summary>Copies the bytes, if they fit.</summary>
    public bool TryWrite(Span<byte> destination, out int written)
    {
        bool fits = Span.TryCopyTo(destination);
        written = fits ? _length : 0;
        return fits;
    }

    /// <inheritdoc/>
    public bool Equals(ConnectionId other) =>
        _first == other._first && _second == other._second && _third == other._third && _length == other._length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionId other && Equals(other);

    /// <summary>Differs from process to process, so that a peer cannot choose ids that collide.</summary>
    public override int GetHashCode() => SeededHash.Of(_first, _second, _third, _length);

    /// <summary>The bytes in lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <summary>Equality of length and bytes.</summary>
    public static bool operator ==(ConnectionId left, ConnectionId right) => left.Equals(right);

    /// <summary>The opposite of equality.</summary>
    public static bool operator !=(ConnectionId left, ConnectionId right) => !left.Equals(right);
}
