namespace Quicprochat.Server.Storage;

/// <summary>A payload: bytes in place, or a blob of the same group named by its hash, or nothing.</summary>
internal readonly record struct StoredPayload
{
    private StoredPayload(ReadOnlyMemory<byte> bytes, Digest? blob, long length)
    {
        Bytes = bytes;
        Blob = blob;
        Length = length;
    }

    /// <summary>The bytes in place; empty with a blob.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The blob's name.</summary>
    public Digest? Blob { get; }

    /// <summary>Bytes of the payload, wherever they are.</summary>
    public long Length { get; }

    /// <summary>True when nothing is there.</summary>
    public bool IsAbsent => Length == 0;

    /// <summary>Bytes in place. The store keeps the memory for as long as it delivers: do not reuse it.</summary>
    public static StoredPayload Inline(ReadOnlyMemory<byte> bytes) => new(bytes, null, bytes.Length);

    /// <summary>A blob, which must be complete when the payload is stored.</summary>
    public static StoredPayload InBlob(Digest blob, long length) => new(default, blob, length);
}
