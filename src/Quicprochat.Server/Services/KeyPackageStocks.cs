using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.KeyPackages;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>Key packages: taken in when they hold, handed out once (docs/protocol/delivery.md).</summary>
internal sealed class KeyPackageStocks(IServerStore store, KeyPackageRules rules, IEnumerable<ushort> suites, RateLimits rates, TimeProvider clock)
{
    /// <summary>Single-use packages that are kept for each device and suite.</summary>
    public const int Wanted = 100;

    /// <summary>The device is told when it has fewer.</summary>
    public const int Low = Wanted / 4;

    private readonly ushort[] _suites = [.. suites.Distinct().Order()];

    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Keeps packages, all or none.</summary>
    public async ValueTask<List<KeyPackageStock>> UploadAsync(ClientSession session, IReadOnlyList<ByteString> packages, ByteString lastResort, CancellationToken cancellationToken)
    {
        var kept = new List<NewKeyPackage>(packages.Count + 1);
        for (int i = 0; i < packages.Count; i++)
        {
            kept.Add(Checked(packages[i], $"key_packages[{i}]", isLastResort: false));
        }
        if (!lastResort.IsEmpty)
        {
            kept.Add(Checked(lastResort, "last_resort", isLastResort: true));
        }
        UploadResult result = await store.UploadKeyPackagesAsync(session.Device, kept, Wanted, NowMs, cancellationToken);
        switch (result.Status)
        {
            case UploadStatus.Full:
                throw new RpcException(RpcStatus.ResourceExhausted, ErrorCodes.KeyPackagesFull, $"The server keeps {Wanted} key packages of a suite for each device. Ask keypackages.stock how many are wanted.");
            case UploadStatus.DeviceUnknown:
                throw Refusals.DeviceRevoked();
        }
        session.KnowsLowStock = false;
        return ToContract(result.Stock);
    }

    /// <summary>One package of each device of an account.</summary>
    public async ValueTask<FetchKeyPackagesResponse> FetchAsync(ClientSession session, string account, ushort suite, IReadOnlyList<DeviceId>? only, CancellationToken cancellationToken)
    {
        rates.CheckKeyPackageFetch(session.Device, account);
        TakenKeyPackages taken = await store.TakeKeyPackagesAsync(account, suite, only, NowMs, cancellationToken) ?? throw Refusals.AccountUnknown(account);
        if (taken.Packages.Count == 0)
        {
            throw new RpcException(
                RpcStatus.NotFound, ErrorCodes.KeyPackagesExhausted,
                $"No device of {account} that was asked for has a key package of suite 0x{suite:X4} left. It brings new ones when it connects; try again then.");
        }
        var response = new FetchKeyPackagesResponse { Devices = taken.Newest.ToContract() };
        foreach (TakenKeyPackage package in taken.Packages)
        {
            response.Packages.Add(new DeviceKeyPackage
            {
                DeviceId = ContractMessages.Wrap(package.Device.ToArray()),
                KeyPackage = ContractMessages.Wrap(package.Bytes),
                LastResort = package.IsLastResort,
            });
        }
        return response;
    }

    /// <summary>What a device has left, of every suite that is taken here.</summary>
    public async ValueTask<List<KeyPackageStock>> ReadAsync(DeviceAddress device, CancellationToken cancellationToken) => ToContract(await store.ReadStockAsync(device, NowMs, cancellationToken));

    /// <summary>Whether a device should bring more.</summary>
    public static bool IsLow(KeyPackageStock stock) => stock.Wanted > 0 && (stock.Count < Low || stock.LastResortUsed);

    private NewKeyPackage Checked(ByteString bytes, string field, bool isLastResort)
    {
        string? fault = rules.FaultOf(bytes.Span, (ulong)clock.GetUtcNow().ToUnixTimeSeconds(), out KeyPackageFacts facts);
        fault ??= facts.IsLastResort == isLastResort ? null
            : isLastResort ? "it has no last_resort extension"
            : "it has the last_resort extension; give it as last_resort";
        return fault is null
            ? new NewKeyPackage(facts.CipherSuite, bytes.Memory, (long)facts.NotAfter * 1000, isLastResort)
            : throw new RpcException(RpcStatus.InvalidArgument, ErrorCodes.KeyPackageInvalid, $"{field} is not taken: {fault}.");
    }

    private List<KeyPackageStock> ToContract(IReadOnlyList<StoredStock> stored)
    {
        var stock = new List<KeyPackageStock>(_suites.Length);
        foreach (ushort suite in _suites)
        {
            StoredStock found = stored.FirstOrDefault(entry => entry.CipherSuite == suite);
            stock.Add(new KeyPackageStock
            {
                CipherSuite = suite,
                Count = (uint)found.Count,
                Wanted = Wanted,
                HasLastResort = found.HasLastResort,
                LastResortUsed = found.LastResortUsed,
            });
        }
        return stock;
    }
}
