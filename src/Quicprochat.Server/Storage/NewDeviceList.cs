namespace Quicprochat.Server.Storage;

/// <summary>A version of a device list that is to be kept; its signatures were checked.</summary>
internal sealed record NewDeviceList
{
    /// <summary>"name@server".</summary>
    public required string Account { get; init; }

    /// <summary>The account's Ed25519 key; it is the same in every version.</summary>
    public required ReadOnlyMemory<byte> AccountKey { get; init; }

    /// <summary>The bytes.</summary>
    public required SignedList Signed { get; init; }

    /// <summary>SHA-256 of the list before; null in version 1.</summary>
    public required Digest? PreviousHash { get; init; }

    /// <summary>The devices on it.</summary>
    public required IReadOnlyList<ListedDevice> Devices { get; init; }
}
