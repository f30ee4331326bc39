namespace Quicprochat.Server.Storage;

/// <summary>How the publication of a device list ended.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="NewestVersion">The newest version afterwards; 0 when there is no such account.</param>
/// <param name="Removed">Devices that the new list leaves out: cut them off.</param>
internal sealed record PublishResult(PublishStatus Status, long NewestVersion, IReadOnlyList<DeviceAddress> Removed);
