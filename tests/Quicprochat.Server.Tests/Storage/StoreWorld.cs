using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

/// <summary>People, devices, groups and messages of opaque bytes, for tests of a store.</summary>
internal sealed class StoreWorld(IServerStore store, int seed = 1)
{
    public const int Suite = 1;
    public const long Day = 24L * 3600 * 1000;

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, NewDeviceList> _newest = [];

    public IServerStore Store { get; } = store;

    public long NowMs { get; set; } = 1_800_000_000_000;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static PageBounds Wide { get; } = new(10_000, 64 << 20);

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        lock (_random)
        {
            _random.NextBytes(bytes);
        }
        return bytes;
    }

    public NewDeviceList List(string account, params DeviceId[] devices) => new()
    {
        Account = account,
        AccountKey = Bytes(32),
        PreviousHash = null,
        Signed = new SignedList(1, Bytes(150), Bytes(64)),
        Devices = [.. devices.Select(id => new ListedDevice(id, Bytes(32), 0, long.MaxValue))],
    };

    public NewDeviceList ListAfter(NewDeviceList list, params DeviceId[] devices) => List(list.Account, devices) with
    {
        AccountKey = list.AccountKey,
        PreviousHash = Digest.Of(list.Signed.List.Span),
        Signed = new SignedList(list.Signed.Version + 1, Bytes(150), Bytes(64)),
    };

    public NewDeviceList Newest(string account) => _newest[account];

    public DeviceId NewDeviceId() => new(Bytes(DeviceId.Length));

    public async Task<DeviceAddress[]> RegisterAsync(string account, int devices = 1)
    {
        DeviceId[] ids = [.. Enumerable.Range(0, devices).Select(_ => NewDeviceId())];
        NewDeviceList list = List(account, ids);
        Assert.Equal(RegisterResult.Registered, await Store.RegisterAsync(list, null, NowMs, Token));
        _newest[account] = list;
        return [.. ids.Select(id => new DeviceAddress(account, id))];
    }

    public async Task<DeviceAddress> PersonAsync(string account) => (await RegisterAsync(account))[0];

    public async Task<PublishResult> PublishAsync(string account, params DeviceId[] devices)
    {
        NewDeviceList list = ListAfter(_newest[account], devices);
        PublishResult result = await Store.PublishDevicesAsync(list, NowMs, Token);
        Assert.Equal(PublishStatus.Published, result.Status);
        _newest[account] = list;
        return result;
    }

    /// <summary>A group with a creator, and with the others added by a commit.</summary>
    public async Task<TestGroup> GroupAsync(DeviceAddress creator, params DeviceAddress[] others)
    {
        TestGroup group = TestGroup.Of(this, creator);
        Assert.IsType<AppendResult.Accepted>(await AppendAsync(group.Last));
        if (others.Length > 0)
        {
            await CommitAsync(group, group.Next(creator, added: others));
        }
        return group;
    }

    public ValueTask<AppendResult> AppendAsync(NewEntry entry) => Store.AppendAsync(entry, NowMs, Token);

    public async Task CommitAsync(TestGroup group, NewEntry entry)
    {
        Assert.IsType<AppendResult.Accepted>(await AppendAsync(entry));
        group.Merge(entry);
    }

    public async Task GarbageAsync(TestGroup group, NewEntry entry)
    {
        Assert.IsType<AppendResult.Accepted>(await AppendAsync(entry));
        group.Skip(entry);
    }

    public MessageId NewMessageId() => new((MessageId.FirstAt(NowMs).Value) | (UInt128)BitConverter.ToUInt64(Bytes(8)));

    public NewMessage Message(TestGroup group, DeviceAddress sender, int length = 100) => new()
    {
        Group = group.Id,
        EntryHash = group.Valid.Hash,
        Kind = EnvelopeKind.Application,
        Id = NewMessageId(),
        Payload = StoredPayload.Inline(Bytes(length)),
        Sender = sender,
    };

    public ValueTask<SendResult> SendAsync(NewMessage message) => Store.SendAsync(message, NowMs, Token);

    public async Task<NewMessage> SendAsync(TestGroup group, DeviceAddress sender, int length = 100)
    {
        NewMessage message = Message(group, sender, length);
        Assert.Equal(SendStatus.Stored, (await SendAsync(message)).Status);
        return message;
    }

    public async Task<MailboxState> StateAsync(DeviceAddress device) => (await Store.FindDeviceAsync(device, Token))!.Mailbox;

    public async Task<IReadOnlyList<StoredEnvelope>> MailboxAsync(DeviceAddress device, long cursor = 0) =>
        (await Store.ReadMailboxAsync(device, cursor, Wide, Token)).Envelopes;

    /// <summary>Forgets what lies in the mailboxes, so that a test sees only what comes.</summary>
    public async Task EmptyAsync(params DeviceAddress[] devices)
    {
        foreach (DeviceAddress device in devices)
        {
            Assert.True(await Store.AcknowledgeAsync(device, long.MaxValue, Token));
        }
    }

    public NewKeyPackage KeyPackage(long expiresMs = long.MaxValue, bool lastResort = false, int suite = Suite) => new(suite, Bytes(60), expiresMs, lastResort);

    public ValueTask<UploadResult> UploadAsync(DeviceAddress device, params NewKeyPackage[] packages) =>
        Store.UploadKeyPackagesAsync(device, packages, 100, NowMs, Token);

    public async Task<TakenKeyPackages> TakeAsync(string account, int suite = Suite) =>
        (await Store.TakeKeyPackagesAsync(account, suite, null, NowMs, Token))!;

    public async Task<Digest> BlobAsync(TestGroup group, DeviceAddress sender, byte[] bytes)
    {
        Digest hash = Digest.Of(bytes);
        PutBlobResult result = await PutAsync(group, sender, hash, bytes.Length, 0, bytes);
        Assert.Equal(new PutBlobResult(PutBlobStatus.Stored, new BlobProgress(bytes.Length, bytes.Length, true)), result);
        return hash;
    }

    public ValueTask<PutBlobResult> PutAsync(TestGroup group, DeviceAddress sender, Digest hash, long length, long offset, ReadOnlyMemory<byte> data) =>
        Store.PutBlobAsync(new BlobChunk { Hash = hash, Length = length, Offset = offset, Data = data, Group = group.Id, Sender = sender }, NowMs, Token);
}
