namespace Quicprochat.Server.Storage;

/// <summary>Bytes of a complete blob.</summary>
/// <param name="Length">Of the whole.</param>
/// <param name="Data">From the offset asked for; empty at the end.</param>
internal readonly record struct BlobPart(long Length, ReadOnlyMemory<byte> Data);
