using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Hosting;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>Accounts and their chains of device lists (docs/protocol/accounts.md).</summary>
internal sealed class Accounts(IServerStore store, QpcServerOptions options, ServerIdentity server, Sessions sessions, TimeProvider clock)
{
    /// <summary>A new account with version 1 of its list.</summary>
    public async ValueTask RegisterAsync(SignedDeviceList? signed, string invite, CancellationToken cancellationToken)
    {
        if (options.Registration == RegistrationPolicy.Closed)
        {
            throw new RpcException(RpcStatus.PermissionDenied, ErrorCodes.RegistrationClosed, $"{server.Name} takes no new accounts. Register at another server, or ask its operator.");
        }
        NewDeviceList list = Checked(signed);
        if (!AccountName.IsOf(list.Account, server.Name))
        {
            throw new RpcException(
                RpcStatus.InvalidArgument, ErrorCodes.AccountNameInvalid,
                $"An account of this server is called name@{server.Name}; the name has 1 to {AccountName.NameLengthMax} of a-z 0-9 . _ - and begins with a letter or digit.");
        }
        if (list.Signed.Version != 1)
        {
            throw Invalid("an account begins with version 1 of its list");
        }
        Digest? code = null;
        if (options.Registration == RegistrationPolicy.Invite)
        {
            code = invite.Length == 0 ? throw InviteRequired() : InviteCode.HashOf(invite);
        }
        RegisterResult result = await store.RegisterAsync(list, code, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        switch (result)
        {
            case RegisterResult.NameTaken:
                throw new RpcException(RpcStatus.AlreadyExists, ErrorCodes.AccountExists, $"{list.Account} is taken. Choose another name.");
            case RegisterResult.KeyTaken:
                throw new RpcException(RpcStatus.AlreadyExists, ErrorCodes.AccountExists, "This account key has an account of another name. Make a new key, or use that account.");
            case RegisterResult.InviteInvalid:
                throw InviteRequired();
        }
    }

    /// <summary>A newer list of the session's account. Devices it leaves out are cut off before this returns.</summary>
    public async ValueTask PublishAsync(ClientSession session, SignedDeviceList? signed, CancellationToken cancellationToken)
    {
        NewDeviceList list = Checked(signed);
        if (list.Account != session.Device.Account)
        {
            throw new RpcException(RpcStatus.PermissionDenied, ErrorCodes.DeviceListInvalid, $"The list is of {list.Account}; this connection is {session.Device.Account}'s, who can publish only its own.");
        }
        PublishResult result = await store.PublishDevicesAsync(list, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        switch (result.Status)
        {
            case PublishStatus.DoesNotFollow:
                throw new RpcException(
                    RpcStatus.Conflict, ErrorCodes.DeviceListInvalid,
                    $"The newest list is version {result.NewestVersion}. Take it with users.device_lists, and publish the one that follows it, by the same account key.");
            case PublishStatus.AccountUnknown:
                throw Refusals.AccountUnknown(list.Account);
        }
        sessions.CountPublication();
        foreach (DeviceAddress removed in result.Removed)
        {
            await sessions.RevokeAsync(removed);
        }
    }

    /// <summary>The newest list, by name or by key.</summary>
    public async ValueTask<SignedDeviceList> LookUpAsync(string account, ReadOnlyMemory<byte> accountKey, CancellationToken cancellationToken)
    {
        AccountRecord? found = account.Length > 0
            ? await store.FindAccountAsync(account, cancellationToken)
            : await store.FindAccountByKeyAsync(accountKey, cancellationToken);
        return found?.Newest.ToContract() ?? throw Refusals.AccountUnknown(account.Length > 0 ? account : "with this key");
    }

    /// <summary>The chain from a version on.</summary>
    public async ValueTask<IReadOnlyList<SignedList>> ReadListsAsync(string account, long fromVersion, int limit, CancellationToken cancellationToken) =>
        await store.ReadDeviceListsAsync(account, fromVersion, limit, cancellationToken) ?? throw Refusals.AccountUnknown(account);

    private static NewDeviceList Checked(SignedDeviceList? signed) => DeviceListRules.Check(signed, out string fault) ?? throw Invalid(fault);

    private static RpcException Invalid(string clause) => new(RpcStatus.InvalidArgument, ErrorCodes.DeviceListInvalid, $"The device list is not valid: {clause}.");

    private RpcException InviteRequired() => new(
        RpcStatus.PermissionDenied, ErrorCodes.InviteRequired, $"{server.Name} takes new accounts by invitation, and the code is missing, unknown, used up or over. Ask its operator for one.");
}
