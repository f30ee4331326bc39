namespace Quicprochat.Server.Storage;

/// <summary>Key packages that were handed out together, and the device list of the same moment.</summary>
/// <param name="Packages">One for each device that had one.</param>
/// <param name="Missing">Devices that were asked for and had none.</param>
/// <param name="Newest">The newest device list.</param>
internal sealed record TakenKeyPackages(IReadOnlyList<TakenKeyPackage> Packages, IReadOnlyList<DeviceId> Missing, SignedList Newest);
