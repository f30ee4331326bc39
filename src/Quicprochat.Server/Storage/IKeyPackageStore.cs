namespace Quicprochat.Server.Storage;

/// <summary>Key packages: each is handed out once, the last resort when there is no other.</summary>
internal interface IKeyPackageStore
{
    /// <summary>
    /// Keeps packages, all or none; at most <paramref name="countMax"/> single-use ones for a suite. One that was uploaded before changes nothing,
    /// even if it was handed out since. A last resort replaces the one before.
    /// </summary>
    ValueTask<UploadResult> UploadKeyPackagesAsync(
        DeviceAddress device, IReadOnlyList<NewKeyPackage> packages, int countMax, long nowMs, CancellationToken cancellationToken);

    /// <summary>
    /// Hands out one package for each device of the account, or for those named, in one transaction: the oldest that has not expired, otherwise the last resort.
    /// Null when there is no such account. Device ids that the account does not list are among the missing.
    /// </summary>
    ValueTask<TakenKeyPackages?> TakeKeyPackagesAsync(
        string account, int cipherSuite, IReadOnlyList<DeviceId>? only, long nowMs, CancellationToken cancellationToken);

    /// <summary>What a device has in stock, one for each suite of which it ever uploaded and something is left.</summary>
    ValueTask<IReadOnlyList<StoredStock>> ReadStockAsync(DeviceAddress device, long nowMs, CancellationToken cancellationToken);
}
