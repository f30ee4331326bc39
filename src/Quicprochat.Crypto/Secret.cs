using System.Security.Cryptography;

namespace Quicprochat.Crypto;

/// <summary>
/// Secret bytes that are zeroed when disposed, compare in constant time and never print themselves.
/// The owner disposes; a borrower takes <see cref="Span"/> and keeps no copy.
/// </summary>
public sealed class Secret : IDisposable
{
    private readonly byte[] _bytes;
    private bool _disposed;

    private Secret(int length) => _bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);

    /// <summary>Length in bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The secret has been zeroed.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    /// <summary>Copies <paramref name="bytes"/>; the caller still owns, and zeroes, the original.</summary>
    public static Secret Copy(ReadOnlySpan<byte> bytes)
    {
        var secret = new Secret(bytes.Length);
        bytes.CopyTo(secret._bytes);
        return secret;
    }

    /// <summary>A secret of <paramref name="length"/> bytes, filled in place by <paramref name="fill"/>.</summary>
    public static Secret Create<TState>(int length, TState state, SpanAction<TState> fill)
        where TState : allows ref struct
    {
        var secret = new Secret(length);
        fill(secret._bytes, state);
        return secret;
    }

    /// <summary>A secret of <paramref name="length"/> bytes drawn from <paramref name="random"/>.</summary>
    public static Secret Random(int length, IRandomSource random) =>
        Create(length, random, static (span, source) => source.Fill(span));

    /// <summary>An independent copy.</summary>
    public Secret Clone() => Copy(Span);

    /// <summary>Constant-time equality; false where the lengths differ.</summary>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(Span, other);

    /// <summary>Zeroes the bytes. A second call does nothing.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _disposed = true;
    }

    /// <summary>Always <c>[secret]</c>.</summary>
    public override string ToString() => "[secret]";

    /// <summary>Writes into a span with some state.</summary>
    public delegate void SpanAction<in TState>(Span<byte> span, TState state) where TState : allows ref struct;
}
