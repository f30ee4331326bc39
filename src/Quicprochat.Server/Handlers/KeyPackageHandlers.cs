using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Handlers;

/// <summary>300–309: key packages.</summary>
internal sealed class KeyPackageHandlers(KeyPackageStocks stocks)
{
    // One upload may fill the stock of every suite there will ever be; the frame's bound is the nearer one.
    private const int UploadMax = 10 * KeyPackageStocks.Wanted;

    public async ValueTask<UploadKeyPackagesResponse> UploadAsync(ClientSession session, UploadKeyPackagesRequest request, CancellationToken cancellationToken)
    {
        if (request.KeyPackages.Count == 0 && request.LastResort.IsEmpty)
        {
            throw Refusals.Argument("key_packages and last_resort are both empty; give at least one key package.");
        }
        if (request.KeyPackages.Count > UploadMax)
        {
            throw Refusals.TooLarge($"key_packages has {request.KeyPackages.Count}; one upload takes {UploadMax}.");
        }
        var response = new UploadKeyPackagesResponse();
        response.Stock.Add(await stocks.UploadAsync(session, request.KeyPackages, request.LastResort, cancellationToken));
        return response;
    }

    public ValueTask<FetchKeyPackagesResponse> FetchAsync(ClientSession session, FetchKeyPackagesRequest request, CancellationToken cancellationToken)
    {
        string account = UserHandlers.Account(request.Account);
        if (request.CipherSuite is 0 or > ushort.MaxValue)
        {
            throw Refusals.Argument($"cipher_suite is {request.CipherSuite}; it must be a code point of RFC 9420 §17.1, 1 to 65535.");
        }
        if (request.DeviceIds.Count > DeviceListRules.DevicesMax)
        {
            throw Refusals.Argument($"device_ids names {request.DeviceIds.Count} devices; an account has at most {DeviceListRules.DevicesMax}.");
        }
        DeviceId[]? only = request.DeviceIds.Count == 0 ? null : [.. request.DeviceIds.Select(static id => id.Length == DeviceId.Length
            ? new DeviceId(id.Span)
            : throw Refusals.Argument($"device_ids has an id of {id.Length} bytes; it must have {DeviceId.Length}."))];
        return stocks.FetchAsync(session, account, (ushort)request.CipherSuite, only, cancellationToken);
    }

    public async ValueTask<StockResponse> StockAsync(ClientSession session, StockRequest request, CancellationToken cancellationToken)
    {
        var response = new StockResponse();
        response.Stock.Add(await stocks.ReadAsync(session.Device, cancellationToken));
        return response;
    }
}
