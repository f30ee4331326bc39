namespace Quicprochat.Server.Storage.Sqlite;

internal sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public ValueTask<RegisterResult> RegisterAsync(NewDeviceList first, Digest? invite, long nowMs, CancellationToken cancellationToken) =>
        WriteAsync(session => session.Accounts.Register(first, invite, nowMs), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishDevicesAsync(NewDeviceList list, long nowMs, CancellationToken cancellationToken) =>
        WriteAsync(session => Publish(session, list), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccountRecord?> FindAccountAsync(string account, CancellationToken cancellationToken) =>
        ReadAsync(session => session.Accounts.Find(account), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccountRecord?> FindAccountByKeyAsync(ReadOnlyMemory<byte> accountKey, CancellationToken cancellationToken) =>
        ReadAsync(session => session.Accounts.FindByKey(accountKey.Span), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SignedList>?> ReadDeviceListsAsync(string account, long fromVersion, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SignedList>?>(session => session.Accounts.ReadLists(account, fromVersion, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeviceRecord?> FindDeviceAsync(DeviceAddress device, CancellationToken cancellationToken) =>
        ReadAsync(session => session.Accounts.FindDevice(device), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeviceAddress>> FindPeersAsync(string account, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DeviceAddress>>(session => session.Accounts.FindPeers(account, limit), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SetInviteAsync(Invite invite, CancellationToken cancellationToken) => await WriteAsync(
        session =>
        {
            session.Accounts.SetInvite(invite);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveInviteAsync(Digest codeHash, CancellationToken cancellationToken) =>
        WriteAsync(session => session.Accounts.RemoveInvite(codeHash), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<UploadResult> UploadKeyPackagesAsync(
        DeviceAddress device, IReadOnlyList<NewKeyPackage> packages, int countMax, long nowMs, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            if (session.Devices.FindActive(device) is not int number)
            {
                return new UploadResult(UploadStatus.DeviceUnknown, []);
            }
            UploadStatus status = session.KeyPackages.Upload(number, packages, countMax, nowMs);
            return new UploadResult(status, session.KeyPackages.ReadStock(number, nowMs));
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TakenKeyPackages?> TakeKeyPackagesAsync(
        string account, int cipherSuite, IReadOnlyList<DeviceId>? only, long nowMs, CancellationToken cancellationToken) =>
        WriteAsync(session => Take(session, account, cipherSuite, only, nowMs), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredStock>> ReadStockAsync(DeviceAddress device, long nowMs, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredStock>>(
            session => session.Devices.FindActive(device) is int number ? session.KeyPackages.ReadStock(number, nowMs) : [], cancellationToken);

    private static PublishResult Publish(Session session, NewDeviceList list)
    {
        (PublishResult result, int account, IReadOnlyList<int> removed) = session.Accounts.Publish(list);
        foreach (int device in removed)
        {
            session.KeyPackages.Drop(device);
            session.Mailboxes.Empty(device);
        }
        if (result.Status == PublishStatus.Published)
        {
            session.Notices.Lists.Add((account, new StoreChange.DevicesPublished(list.Account, list.Signed.Version)));
        }
        return result;
    }

    private static TakenKeyPackages? Take(Session session, string account, int cipherSuite, IReadOnlyList<DeviceId>? only, long nowMs)
    {
        if (session.Accounts.Find(account) is not { } record || session.Accounts.FindNumber(account) is not int owner)
        {
            return null;
        }
        var devices = session.Accounts.ActiveDevices(owner).ToDictionary(device => device.Id, device => device.Number);
        var taken = new List<TakenKeyPackage>();
        var missing = new List<DeviceId>();
        foreach (DeviceId id in (only ?? [.. devices.Keys]).Distinct())
        {
            if (devices.TryGetValue(id, out int number) && session.KeyPackages.Take(number, id, cipherSuite, nowMs) is { } package)
            {
                taken.Add(package);
                session.Notices.Packages.Add((number, new StoreChange.KeyPackageTaken(new DeviceAddress(account, id))));
            }
            else
            {
                missing.Add(id);
            }
        }
        return new TakenKeyPackages(taken, missing, record.Newest);
    }
}
