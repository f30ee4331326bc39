namespace Quicprochat.Server.Storage.Memory;

internal sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<RegisterResult> RegisterAsync(NewDeviceList first, Digest? invite, long nowMs, CancellationToken cancellationToken) => Do(
        () =>
        {
            if (_accounts.TryGetValue(first.Account, out MemoryAccount? known))
            {
                return known.Has(first.Signed) ? RegisterResult.AlreadyThere : RegisterResult.NameTaken;
            }
            if (FindByKey(first.AccountKey) is not null)
            {
                return RegisterResult.KeyTaken;
            }
            if (invite is Digest code && !Use(code, nowMs))
            {
                return RegisterResult.InviteInvalid;
            }
            var account = new MemoryAccount(first);
            _accounts.Add(first.Account, account);
            Keep(account, first);
            return RegisterResult.Registered;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishDevicesAsync(NewDeviceList list, long nowMs, CancellationToken cancellationToken) =>
        Do(() => Publish(list), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccountRecord?> FindAccountAsync(string account, CancellationToken cancellationToken) =>
        Do(() => _accounts.GetValueOrDefault(account)?.Record, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccountRecord?> FindAccountByKeyAsync(ReadOnlyMemory<byte> accountKey, CancellationToken cancellationToken) =>
        Do(() => FindByKey(accountKey)?.Record, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SignedList>?> ReadDeviceListsAsync(string account, long fromVersion, int limit, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<SignedList>?>(
            () => _accounts.GetValueOrDefault(account) is { } known ? [.. known.Lists.Where(list => list.Version >= fromVersion).Take(limit)] : null,
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeviceRecord?> FindDeviceAsync(DeviceAddress device, CancellationToken cancellationToken) =>
        Do(() => Active(device) is { } found ? new DeviceRecord(device, found.Listed!, found.State) : null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeviceAddress>> FindPeersAsync(string account, int limit, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<DeviceAddress>>(
            () =>
            {
                List<int> own = _accounts.GetValueOrDefault(account)?.Devices.ConvertAll(device => device.Number) ?? [];
                return
                [
                    .. _groups.Values.Select(group => group.Window.Entries.SelectMany(entry => entry.Roster!).ToHashSet()).Where(members => members.Overlaps(own))
                        .SelectMany(members => members).Distinct().Select(number => _numbered[number - 1]).Where(device => device.Listed is not null)
                        .Select(device => device.Address).Take(limit),
                ];
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SetInviteAsync(Invite invite, CancellationToken cancellationToken) => await Do(() => _invites[invite.CodeHash] = invite, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RemoveInviteAsync(Digest codeHash, CancellationToken cancellationToken) => Do(() => _invites.Remove(codeHash), cancellationToken);

    private MemoryAccount? FindByKey(ReadOnlyMemory<byte> key) => _accounts.Values.FirstOrDefault(account => key.Span.SequenceEqual(account.Key));

    private bool Use(Digest code, long nowMs)
    {
        if (!_invites.TryGetValue(code, out Invite? invite) || invite.Uses <= 0 || invite.ExpiresMs <= nowMs)
        {
            return false;
        }
        _invites[code] = invite with { Uses = invite.Uses - 1 };
        return true;
    }

    private PublishResult Publish(NewDeviceList list)
    {
        if (_accounts.GetValueOrDefault(list.Account) is not { } account)
        {
            return new PublishResult(PublishStatus.AccountUnknown, 0, []);
        }
        SignedList newest = account.Lists[^1];
        if (account.Has(list.Signed))
        {
            return new PublishResult(PublishStatus.AlreadyThere, newest.Version, []);
        }
        if (list.Signed.Version != newest.Version + 1 || list.PreviousHash != Digest.Of(newest.List.Span) || !list.AccountKey.Span.SequenceEqual(account.Key))
        {
            return new PublishResult(PublishStatus.DoesNotFollow, newest.Version, []);
        }
        List<MemoryDevice> removed = account.Devices.FindAll(device => device.Listed is not null && list.Devices.All(listed => listed.Id != device.Address.Id));
        Keep(account, list);
        foreach (MemoryDevice device in removed)
        {
            device.Listed = null;
            device.KeyPackages.Clear();
            device.LastResorts.Clear();
            device.Mailbox.Clear();
            device.State = device.State with { Acknowledged = device.State.Newest };
        }
        _changes.Publish(new StoreChange.DevicesPublished(list.Account, list.Signed.Version));
        return new PublishResult(PublishStatus.Published, list.Signed.Version, removed.ConvertAll(device => device.Address));
    }

    private void Keep(MemoryAccount account, NewDeviceList list)
    {
        account.Lists.Add(list.Signed);
        foreach (ListedDevice listed in list.Devices)
        {
            var address = new DeviceAddress(list.Account, listed.Id);
            if (!_devices.TryGetValue(address, out MemoryDevice? device))
            {
                device = new MemoryDevice(_numbered.Count + 1, address);
                _devices.Add(address, device);
                _numbered.Add(device);
                account.Devices.Add(device);
            }
            device.Listed = listed;
        }
    }
}
