namespace Quicprochat.Server.Storage;

/// <summary>A device: the account ("name@server") and the device's id within it.</summary>
internal readonly record struct DeviceAddress(string Account, DeviceId Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Account}/{Id}";
}
