using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Key_packages_go_out_once_oldest_first_and_then_the_last_resort()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        NewKeyPackage[] packages = [World.KeyPackage(), World.KeyPackage(), World.KeyPackage(lastResort: true)];
        UploadResult upload = await World.UploadAsync(alice, packages);
        Assert.Equal(UploadStatus.Stored, upload.Status);
        Assert.Equal([new StoredStock(StoreWorld.Suite, 2, true, false)], upload.Stock);
        foreach ((int index, int left, bool last) in new[] { (0, 1, false), (1, 0, false), (2, 0, true), (2, 0, true) })
        {
            TakenKeyPackages taken = await World.TakeAsync("alice@x");
            TakenKeyPackage package = Assert.Single(taken.Packages);
            Assert.Equal((alice.Id, left, last), (package.Device, package.CountLeft, package.IsLastResort));
            Assert.Equal(packages[index].Bytes.ToArray(), package.Bytes.ToArray());
            Assert.Empty(taken.Missing);
            Assert.Equal(1, taken.Newest.Version);
        }
        Assert.Equal([new StoredStock(StoreWorld.Suite, 0, true, true)], await Store.ReadStockAsync(alice, World.NowMs, Token));

        // The same last resort again is the used one; another is not.
        Assert.True((await World.UploadAsync(alice, packages[2])).Stock[0].LastResortUsed);
        Assert.False((await World.UploadAsync(alice, World.KeyPackage(lastResort: true))).Stock[0].LastResortUsed);
    }

    [Fact]
    public async Task An_upload_beyond_the_bound_leaves_nothing()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        NewKeyPackage[] many = [.. Enumerable.Range(0, 99).Select(_ => World.KeyPackage())];
        Assert.Equal(UploadStatus.Stored, (await World.UploadAsync(alice, many)).Status);
        UploadResult full = await World.UploadAsync(alice, World.KeyPackage(suite: 7), World.KeyPackage(), World.KeyPackage(), World.KeyPackage(lastResort: true));
        Assert.Equal(UploadStatus.Full, full.Status);
        Assert.Equal([new StoredStock(StoreWorld.Suite, 99, false, false)], full.Stock);
        Assert.Equal(UploadStatus.Stored, (await World.UploadAsync(alice, [.. many, World.KeyPackage()])).Status);
    }

    [Fact]
    public async Task A_package_that_was_handed_out_does_not_come_back()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        NewKeyPackage[] packages = [World.KeyPackage(), World.KeyPackage()];
        await World.UploadAsync(alice, packages);
        await World.TakeAsync("alice@x");
        UploadResult again = await World.UploadAsync(alice, packages);
        Assert.Equal((UploadStatus.Stored, 1), (again.Status, again.Stock[0].Count));
        Assert.Equal(packages[1].Bytes.ToArray(), (await World.TakeAsync("alice@x")).Packages[0].Bytes.ToArray());
        Assert.Equal([alice.Id], (await World.TakeAsync("alice@x")).Missing);
    }

    [Fact]
    public async Task An_expired_package_is_not_handed_out()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        await World.UploadAsync(alice, World.KeyPackage(World.NowMs + 10), World.KeyPackage(World.NowMs + 20, lastResort: true));
        World.NowMs += 10;
        Assert.True((await World.TakeAsync("alice@x")).Packages[0].IsLastResort);
        World.NowMs += 10;
        Assert.Equal([alice.Id], (await World.TakeAsync("alice@x")).Missing);
        Assert.Empty(await Store.ReadStockAsync(alice, World.NowMs, Token));
        Assert.Equal(2, (await Store.SweepAsync(World.NowMs, Token)).KeyPackages);
    }

    [Fact]
    public async Task Each_device_gives_one_of_the_suite_asked_for()
    {
        DeviceAddress[] alice = await World.RegisterAsync("alice@x", 3);
        await World.UploadAsync(alice[0], World.KeyPackage(), World.KeyPackage(suite: 7));
        await World.UploadAsync(alice[1], World.KeyPackage(suite: 7));
        TakenKeyPackages taken = await World.TakeAsync("alice@x", suite: 7);
        Assert.Equal([alice[0].Id, alice[1].Id], taken.Packages.Select(package => package.Device).ToHashSet());
        Assert.Equal([alice[2].Id], taken.Missing);
        DeviceId stranger = World.NewDeviceId();
        TakenKeyPackages named = (await Store.TakeKeyPackagesAsync("alice@x", StoreWorld.Suite, [alice[0].Id, stranger], World.NowMs, Token))!;
        Assert.Equal(alice[0].Id, Assert.Single(named.Packages).Device);
        Assert.Equal([stranger], named.Missing);
        Assert.Null(await Store.TakeKeyPackagesAsync("nobody@x", StoreWorld.Suite, null, World.NowMs, Token));
    }

    [Fact]
    public async Task However_many_take_at_once_each_package_goes_to_one()
    {
        DeviceAddress alice = await World.PersonAsync("alice@x");
        await World.UploadAsync(alice, [.. Enumerable.Range(0, 60).Select(_ => World.KeyPackage())]);
        TakenKeyPackages[] taken = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => Task.Run(() => World.TakeAsync("alice@x"), Token)));
        string[] packages = [.. taken.SelectMany(each => each.Packages).Select(package => Convert.ToHexString(package.Bytes.Span))];
        Assert.Equal(60, packages.Length);
        Assert.Equal(60, packages.Distinct().Count());
    }
}
