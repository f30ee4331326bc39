namespace Quicprochat.Server.Storage;

/// <summary>Accounts, their chains of device lists, and invitations.</summary>
internal interface IAccountStore
{
    /// <summary>Makes an account with version 1 of its list, its devices, and one use of the invitation (null where none is asked for), or nothing of it.</summary>
    ValueTask<RegisterResult> RegisterAsync(NewDeviceList first, Digest? invite, long nowMs, CancellationToken cancellationToken);

    /// <summary>Makes a list the newest, if it follows the one that is; devices it leaves out lose their key packages and mailboxes in the same transaction.</summary>
    ValueTask<PublishResult> PublishDevicesAsync(NewDeviceList list, long nowMs, CancellationToken cancellationToken);

    /// <summary>The account, or null.</summary>
    ValueTask<AccountRecord?> FindAccountAsync(string account, CancellationToken cancellationToken);

    /// <summary>The account with this key, or null.</summary>
    ValueTask<AccountRecord?> FindAccountByKeyAsync(ReadOnlyMemory<byte> accountKey, CancellationToken cancellationToken);

    /// <summary>Versions of the list from one on, at most <paramref name="limit"/>; null when there is no such account.</summary>
    ValueTask<IReadOnlyList<SignedList>?> ReadDeviceListsAsync(string account, long fromVersion, int limit, CancellationToken cancellationToken);

    /// <summary>A device of the newest list of its account and how far its mailbox is, or null.</summary>
    ValueTask<DeviceRecord?> FindDeviceAsync(DeviceAddress device, CancellationToken cancellationToken);

    /// <summary>Devices, of this account too, that share a group with a device of the account; at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<DeviceAddress>> FindPeersAsync(string account, int limit, CancellationToken cancellationToken);

    /// <summary>Adds an invitation, or sets the one with this code anew.</summary>
    ValueTask SetInviteAsync(Invite invite, CancellationToken cancellationToken);

    /// <summary>Takes an invitation back; false when it was not there.</summary>
    ValueTask<bool> RemoveInviteAsync(Digest codeHash, CancellationToken cancellationToken);
}
