using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Handlers;

/// <summary>500–529 and 700–719: accounts and their devices.</summary>
internal sealed class UserHandlers(Accounts accounts, RateLimits rates)
{
    // With the longest lists there are, they still fit into a frame.
    private const int ListsMax = 64;

    public async ValueTask<LookupResponse> LookupAsync(ClientSession session, LookupRequest request, CancellationToken cancellationToken)
    {
        rates.CheckLookup(session.Device);
        bool byKey = !request.AccountKey.IsEmpty;
        if (byKey == request.Account.Length > 0 || (byKey && request.AccountKey.Length != DeviceListRules.KeyLength))
        {
            throw Refusals.Argument($"Give either account, as name@server, or account_key of {DeviceListRules.KeyLength} bytes.");
        }
        string account = byKey ? "" : Account(request.Account);
        return new LookupResponse { Devices = await accounts.LookUpAsync(account, request.AccountKey.Memory, cancellationToken) };
    }

    public async ValueTask<DeviceListsResponse> DeviceListsAsync(ClientSession session, DeviceListsRequest request, CancellationToken cancellationToken)
    {
        rates.CheckLookup(session.Device);
        string account = Account(request.Account);
        long from = Math.Max(1, Arguments.Number(request.FromVersion, "from_version"));
        var response = new DeviceListsResponse();
        foreach (SignedList list in await accounts.ReadListsAsync(account, from, ListsMax, cancellationToken))
        {
            response.Lists.Add(list.ToContract());
        }
        return response;
    }

    public async ValueTask<PublishDevicesResponse> PublishAsync(ClientSession session, PublishDevicesRequest request, CancellationToken cancellationToken)
    {
        await accounts.PublishAsync(session, request.Devices, cancellationToken);
        return new PublishDevicesResponse();
    }

    /// <summary>An account's address; whether there is one is another question.</summary>
    internal static string Account(string account) =>
        account.Length is > 0 and <= AccountName.LengthMax ? account : throw Refusals.Argument($"account has {account.Length} characters; it is name@server, with at most {AccountName.LengthMax}.");
}
