namespace Quicprochat.Server.Storage;

/// <summary>Something that happened in this store, or in another one on the same data.</summary>
internal abstract record StoreChange
{
    private StoreChange()
    {
    }

    /// <summary>An account has a newer device list. Connections of devices that are no longer on it are to be closed.</summary>
    internal sealed record DevicesPublished(string Account, long Version) : StoreChange;

    /// <summary>A key package of the device was handed out.</summary>
    internal sealed record KeyPackageTaken(DeviceAddress Device) : StoreChange;

    /// <summary>The reader was too slow, and some changes were dropped: look at everything.</summary>
    internal sealed record Missed : StoreChange;
}
