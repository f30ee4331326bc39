using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quicprochat.Quic.Packets;

/// <summary>The 16 bytes that prove a stateless reset (RFC 9000 §10.3). A secret until used: equality takes the same time whatever differs.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct StatelessResetToken : IEquatable<StatelessResetToken>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 16;

    private readonly ulong _first;
    private readonly ulong _second;

    private StatelessResetToken(ulong first, ulong second)
    {
        _first = first;
        _second = second;
    }

    /// <summary>A copy of 16 bytes.</summary>
    public static StatelessResetToken From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException("A stateless reset token is 16 bytes.", nameof(bytes));
        }
        return new StatelessResetToken(MemoryMarshal.Read<ulong>(bytes), MemoryMarshal.Read<ulong>(bytes[8..]));
    }

    /// <summary>Copies the bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        MemoryMarshal.Write(destination, in _first);
        MemoryMarshal.Write(destination[8..], in _second);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public bool Equals(StatelessResetToken other) => ((_first ^ other._first) | (_second ^ other._second)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StatelessResetToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Of(_first, _second, 0, 0);

    /// <summary>Always <c>[token]</c>.</summary>
    public override string ToString() => "[token]";
}
