namespace Quicprochat.Server.Storage.Memory;

/// <summary>A blob.</summary>
/// <param name="length">Bytes of the whole.</param>
/// <param name="timeMs">When its first chunk came.</param>
internal sealed class MemoryBlob(long length, long timeMs)
{
    /// <summary>When its first chunk came.</summary>
    public long TimeMs { get; } = timeMs;

    /// <summary>What is there.</summary>
    public MemoryStream Bytes { get; } = new();

    /// <summary>How much is there. A blob that is full is complete: the hash is looked at when the last chunk comes.</summary>
    public BlobProgress Progress => new(Bytes.Length, length, Bytes.Length == length);

    /// <summary>Bytes of it.</summary>
    public ReadOnlyMemory<byte> Read(long offset, long limit) =>
        offset < 0 || offset >= Bytes.Length ? default : Bytes.ToArray().AsMemory((int)offset, (int)Math.Min(limit, Bytes.Length - offset));
}
