namespace Quicprochat.Crypto.Hash;

/// <summary>
/// A hash, with HMAC (RFC 2104) and HKDF (RFC 5869) over it. Stateless and safe to share between threads.
/// A destination of another length than the one stated is a bug of the caller and throws <see cref="ArgumentException"/>.
/// </summary>
public abstract class HashFunction
{
    /// <summary>Longest digest of any supported function, in bytes: what a stackalloc should hold.</summary>
    public const int SizeMax = 64;

    /// <summary>Which function this is.</summary>
    public abstract HashAlgorithm Algorithm { get; }

    /// <summary>Digest length in bytes (Nh).</summary>
    public abstract int Size { get; }

    /// <summary>Digest of <paramref name="data"/> into the <see cref="Size"/> bytes of <paramref name="digest"/>.</summary>
    public abstract void Compute(ReadOnlySpan<byte> data, Span<byte> digest);

    /// <summary>HMAC into the <see cref="Size"/> bytes of <paramref name="tag"/>.</summary>
    public abstract void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> tag);

    /// <summary>HKDF-Extract into the <see cref="Size"/> bytes of <paramref name="prk"/> (RFC 5869 §2.2).</summary>
    public abstract void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> ikm, Span<byte> prk);

    /// <summary>HKDF-Expand, filling <paramref name="okm"/>, at most 255 times <see cref="Size"/> bytes (RFC 5869 §2.3).</summary>
    public abstract void Expand(ReadOnlySpan<byte> prk, ReadOnlySpan<byte> info, Span<byte> okm);

    /// <summary>A running digest, for input that comes in pieces.</summary>
    public abstract IncrementalHash CreateIncremental();
}
