namespace Quicprochat.Crypto.Hash;

/// <summary>A running digest over input that comes in pieces. For one thread.</summary>
public abstract class IncrementalHash : IDisposable
{
    /// <summary>Adds <paramref name="data"/>.</summary>
    public abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>The digest of everything appended so far, into exactly the hash's size; appending may go on.</summary>
    public abstract void Current(Span<byte> digest);

    /// <inheritdoc/>
    public abstract void Dispose();
}
