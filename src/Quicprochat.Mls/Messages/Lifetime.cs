using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// When a key package may be used (RFC 9420 §7.2), in seconds since 1970-01-01T00:00:00Z:
/// <code>struct { uint64 not_before; uint64 not_after; } Lifetime;</code>
/// </summary>
/// <param name="NotBefore">First second.</param>
/// <param name="NotAfter">Last second.</param>
public readonly record struct Lifetime(ulong NotBefore, ulong NotAfter)
{
    /// <summary>True when <paramref name="nowSeconds"/>, give or take <paramref name="skewSeconds"/>, is within the range.</summary>
    internal bool Covers(ulong nowSeconds, ulong skewSeconds) =>
        nowSeconds >= NotBefore - Math.Min(NotBefore, skewSeconds)
        && nowSeconds <= NotAfter + Math.Min(ulong.MaxValue - NotAfter, skewSeconds);

    internal static bool TryRead(ref Reader reader, out Lifetime lifetime)
    {
        bool read = reader.TryReadUInt64(out ulong notBefore) & reader.TryReadUInt64(out ulong notAfter);
        lifetime = new Lifetime(notBefore, notAfter);
        return read;
    }

    internal void Write(ref Writer writer)
    {
        writer.WriteUInt64(NotBefore);
        writer.WriteUInt64(NotAfter);
    }
}
