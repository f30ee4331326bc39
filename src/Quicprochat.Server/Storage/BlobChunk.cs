namespace Quicprochat.Server.Storage;

/// <summary>A chunk of a blob.</summary>
internal sealed record BlobChunk
{
    /// <summary>SHA-256 of the whole.</summary>
    public required Digest Hash { get; init; }

    /// <summary>Bytes of the whole; the caller bounds it.</summary>
    public required long Length { get; init; }

    /// <summary>Where the chunk begins.</summary>
    public required long Offset { get; init; }

    /// <summary>The bytes.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The group whose roster may read it.</summary>
    public required GroupId Group { get; init; }

    /// <summary>Who puts it.</summary>
    public required DeviceAddress Sender { get; init; }
}
