namespace Quicprochat.Server.Storage;

/// <summary>Figures for health and metrics.</summary>
internal sealed record StoreFigures
{
    /// <summary>Accounts.</summary>
    public required long Accounts { get; init; }

    /// <summary>Devices on newest lists.</summary>
    public required long Devices { get; init; }

    /// <summary>Groups.</summary>
    public required long Groups { get; init; }

    /// <summary>Messages that lie in at least one mailbox.</summary>
    public required long Messages { get; init; }

    /// <summary>Bytes of blobs.</summary>
    public required long BlobBytes { get; init; }

    /// <summary>Bytes on disk, the write-ahead log included; 0 for a store in memory.</summary>
    public required long DiskBytes { get; init; }
}
