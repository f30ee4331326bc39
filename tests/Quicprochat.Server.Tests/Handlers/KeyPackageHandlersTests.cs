using Google.Protobuf;
using Quicprochat.Mls;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;

namespace Quicprochat.Server.Tests.Handlers;

public sealed class KeyPackageHandlersTests
{
    private static readonly TestKeyPackages _classic = new(CipherSuite.X25519Aes128GcmSha256Ed25519);

    [Fact]
    public async Task Each_package_is_handed_out_once_then_the_last_resort_and_the_device_is_told()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, _) = await server.JoinAsync("bob");
        ByteString[] packages = [.. _classic.Make(3)];
        var upload = new UploadKeyPackagesRequest { KeyPackages = { packages }, LastResort = ByteString.CopyFrom(_classic.Make(lastResort: true)) };
        await alice.AskAsync(Methods.UploadKeyPackages, upload);
        await alice.AskAsync(Methods.UploadKeyPackages, upload);
        var fetch = new FetchKeyPackagesRequest { Account = account.Name, CipherSuite = 1 };
        var taken = new List<ByteString>();
        for (int i = 0; i < 3; i++)
        {
            FetchKeyPackagesResponse response = await bob.AskAsync(Methods.FetchKeyPackages, fetch);
            Assert.Equal(account.Lists[0], response.Devices);
            Assert.False(response.Packages[0].LastResort);
            taken.Add(response.Packages[0].KeyPackage);
        }
        Assert.Equal(packages, taken);
        Assert.Equal((true, upload.LastResort), await LastAsync());
        Assert.Equal((true, upload.LastResort), await LastAsync());
        KeyPackageStock low = (await alice.PushAsync(Events.KeyPackagesLow)).Stock.Single(static stock => stock.CipherSuite == 1);
        Assert.InRange(low.Count, 0U, 2U);
        StockResponse stock = await alice.AskAsync(Methods.Stock, new StockRequest());
        Assert.Equal([(1U, true), (0xF001U, false)], stock.Stock.Select(static entry => (entry.CipherSuite, entry.LastResortUsed)));

        async Task<(bool, ByteString)> LastAsync()
        {
            DeviceKeyPackage package = (await bob.AskAsync(Methods.FetchKeyPackages, fetch)).Packages.Single();
            return (package.LastResort, package.KeyPackage);
        }
    }

    [Fact]
    public async Task A_device_without_packages_is_told_to_whoever_asks()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        await alice.RefusedAsync(Methods.FetchKeyPackages, new FetchKeyPackagesRequest { Account = account.Name, CipherSuite = 1 }, RpcStatus.NotFound, ErrorCodes.KeyPackagesExhausted);
        await alice.RefusedAsync(Methods.FetchKeyPackages, new FetchKeyPackagesRequest { Account = "nobody@test.example", CipherSuite = 1 }, RpcStatus.NotFound, ErrorCodes.AccountUnknown);
    }

    [Fact]
    public async Task More_than_a_hundred_are_not_kept()
    {
        await using var server = new TestServer();
        (RpcClient alice, _) = await server.JoinAsync("alice");
        ByteString[] packages = [.. _classic.Make(101)];
        await alice.RefusedAsync(Methods.UploadKeyPackages, new UploadKeyPackagesRequest { KeyPackages = { packages } }, RpcStatus.ResourceExhausted, ErrorCodes.KeyPackagesFull);
        UploadKeyPackagesResponse kept = await alice.AskAsync(Methods.UploadKeyPackages, new UploadKeyPackagesRequest { KeyPackages = { packages[..100] } });
        Assert.Equal(100U, kept.Stock[0].Count);
    }

    [Fact]
    public async Task One_bad_package_refuses_the_upload_and_says_which()
    {
        await using var server = new TestServer();
        (RpcClient alice, _) = await server.JoinAsync("alice");
        byte[] bad = _classic.Make();
        bad[^1] ^= 1;
        RpcException refusal = await alice.RefusedAsync(
            Methods.UploadKeyPackages, new UploadKeyPackagesRequest { KeyPackages = { _classic.Make(1).Single(), ByteString.CopyFrom(bad) } }, RpcStatus.InvalidArgument, ErrorCodes.KeyPackageInvalid);
        Assert.Contains("key_packages[1]", refusal.Message, StringComparison.Ordinal);
        await alice.RefusedAsync(
            Methods.UploadKeyPackages, new UploadKeyPackagesRequest { LastResort = _classic.Make(1).Single() }, RpcStatus.InvalidArgument, ErrorCodes.KeyPackageInvalid);
        await alice.RefusedAsync(
            Methods.UploadKeyPackages, new UploadKeyPackagesRequest { KeyPackages = { ByteString.CopyFrom(_classic.Make(lastResort: true)) } }, RpcStatus.InvalidArgument, ErrorCodes.KeyPackageInvalid);
        Assert.All((await alice.AskAsync(Methods.Stock, new StockRequest())).Stock, static stock => Assert.Equal(0U, stock.Count));
    }

    [Fact]
    public async Task Taking_all_of_somebodys_packages_is_slowed_down()
    {
        await using var server = new TestServer(static options => options.Limits.KeyPackageFetchPerTargetBurst = 2);
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, _) = await server.JoinAsync("bob");
        await alice.AskAsync(Methods.UploadKeyPackages, new UploadKeyPackagesRequest { KeyPackages = { _classic.Make(4) } });
        var fetch = new FetchKeyPackagesRequest { Account = account.Name, CipherSuite = 1 };
        await bob.AskAsync(Methods.FetchKeyPackages, fetch);
        await bob.AskAsync(Methods.FetchKeyPackages, fetch);
        await bob.RefusedAsync(Methods.FetchKeyPackages, fetch, RpcStatus.ResourceExhausted, ErrorCodes.RateLimited);
        await alice.AskAsync(Methods.FetchKeyPackages, fetch);
    }
}
