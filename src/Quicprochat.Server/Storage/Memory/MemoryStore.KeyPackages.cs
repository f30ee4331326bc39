namespace Quicprochat.Server.Storage.Memory;

internal sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<UploadResult> UploadKeyPackagesAsync(
        DeviceAddress device, IReadOnlyList<NewKeyPackage> packages, int countMax, long nowMs, CancellationToken cancellationToken) => Do(
        () => Active(device) is { } found
            ? new UploadResult(Upload(found, packages, countMax, nowMs), Stock(found, nowMs))
            : new UploadResult(UploadStatus.DeviceUnknown, []),
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TakenKeyPackages?> TakeKeyPackagesAsync(
        string account, int cipherSuite, IReadOnlyList<DeviceId>? only, long nowMs, CancellationToken cancellationToken) => Do(
        () =>
        {
            if (_accounts.GetValueOrDefault(account) is not { } known)
            {
                return null;
            }
            var taken = new List<TakenKeyPackage>();
            var missing = new List<DeviceId>();
            foreach (DeviceId id in (only ?? [.. known.Devices.Where(device => device.Listed is not null).Select(device => device.Address.Id)]).Distinct())
            {
                var address = new DeviceAddress(account, id);
                if (Active(address) is { } device && Take(device, cipherSuite, nowMs) is { } package)
                {
                    taken.Add(package);
                    _changes.Publish(new StoreChange.KeyPackageTaken(address));
                }
                else
                {
                    missing.Add(id);
                }
            }
            return new TakenKeyPackages(taken, missing, known.Lists[^1]);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredStock>> ReadStockAsync(DeviceAddress device, long nowMs, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<StoredStock>>(() => Active(device) is { } found ? Stock(found, nowMs) : [], cancellationToken);

    private static UploadStatus Upload(MemoryDevice device, IReadOnlyList<NewKeyPackage> packages, int countMax, long nowMs)
    {
        var known = device.KeyPackages.Select(kept => Digest.Of(kept.Package.Bytes.Span)).ToHashSet();
        List<NewKeyPackage> news = [.. packages.Where(package => !package.IsLastResort && known.Add(Digest.Of(package.Bytes.Span)))];
        if (news.GroupBy(package => package.CipherSuite).Any(suite => Count(device, suite.Key, nowMs) + suite.Count() > countMax))
        {
            return UploadStatus.Full;
        }
        device.KeyPackages.AddRange(news.Select(package => new MemoryKeyPackage(package)));
        foreach (NewKeyPackage package in packages.Where(package => package.IsLastResort))
        {
            if (device.LastResorts.GetValueOrDefault(package.CipherSuite)?.Package.Bytes.Span.SequenceEqual(package.Bytes.Span) != true)
            {
                device.LastResorts[package.CipherSuite] = new MemoryKeyPackage(package);
            }
        }
        return UploadStatus.Stored;
    }

    private static TakenKeyPackage? Take(MemoryDevice device, int suite, long nowMs)
    {
        if (device.KeyPackages.Find(package => package.IsInStock(suite, nowMs)) is { } oldest)
        {
            oldest.IsTaken = true;
            return new TakenKeyPackage(device.Address.Id, oldest.Package.Bytes, IsLastResort: false, Count(device, suite, nowMs));
        }
        if (device.LastResorts.GetValueOrDefault(suite) is not { } last || last.Package.ExpiresMs <= nowMs)
        {
            return null;
        }
        last.IsTaken = true;
        return new TakenKeyPackage(device.Address.Id, last.Package.Bytes, IsLastResort: true, CountLeft: 0);
    }

    private static int Count(MemoryDevice device, int suite, long nowMs) => device.KeyPackages.Count(package => package.IsInStock(suite, nowMs));

    private static List<StoredStock> Stock(MemoryDevice device, long nowMs)
    {
        IEnumerable<int> suites = device.KeyPackages.ConvertAll(package => package.Package.CipherSuite).Concat(device.LastResorts.Keys).Distinct().Order();
        var stock = new List<StoredStock>();
        foreach (int suite in suites)
        {
            MemoryKeyPackage? last = device.LastResorts.GetValueOrDefault(suite) is { } kept && kept.Package.ExpiresMs > nowMs ? kept : null;
            int count = Count(device, suite, nowMs);
            if (count > 0 || last is not null)
            {
                stock.Add(new StoredStock(suite, count, last is not null, last?.IsTaken == true));
            }
        }
        return stock;
    }
}
