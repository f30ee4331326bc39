using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

/// <summary>Gives each call to the store that did not get the one before.</summary>
internal sealed class AlternatingStore(IServerStore first, IServerStore second) : IServerStore
{
    private int _calls;

    private IServerStore Next => (Interlocked.Increment(ref _calls) & 1) == 0 ? first : second;

    public ValueTask<RegisterResult> RegisterAsync(NewDeviceList first, Digest? invite, long nowMs, CancellationToken cancellationToken) => Next.RegisterAsync(first, invite, nowMs, cancellationToken);

    public ValueTask<PublishResult> PublishDevicesAsync(NewDeviceList list, long nowMs, CancellationToken cancellationToken) => Next.PublishDevicesAsync(list, nowMs, cancellationToken);

    public ValueTask<AccountRecord?> FindAccountAsync(string account, CancellationToken cancellationToken) => Next.FindAccountAsync(account, cancellationToken);

    public ValueTask<AccountRecord?> FindAccountByKeyAsync(ReadOnlyMemory<byte> accountKey, CancellationToken cancellationToken) => Next.FindAccountByKeyAsync(accountKey, cancellationToken);

    public ValueTask<IReadOnlyList<SignedList>?> ReadDeviceListsAsync(string account, long fromVersion, int limit, CancellationToken cancellationToken) => Next.ReadDeviceListsAsync(account, fromVersion, limit, cancellationToken);

    public ValueTask<DeviceRecord?> FindDeviceAsync(DeviceAddress device, CancellationToken cancellationToken) => Next.FindDeviceAsync(device, cancellationToken);

    public ValueTask<IReadOnlyList<DeviceAddress>> FindPeersAsync(string account, int limit, CancellationToken cancellationToken) => Next.FindPeersAsync(account, limit, cancellationToken);

    public ValueTask SetInviteAsync(Invite invite, CancellationToken cancellationToken) => Next.SetInviteAsync(invite, cancellationToken);

    public ValueTask<bool> RemoveInviteAsync(Digest codeHash, CancellationToken cancellationToken) => Next.RemoveInviteAsync(codeHash, cancellationToken);

    public ValueTask<UploadResult> UploadKeyPackagesAsync(DeviceAddress device, IReadOnlyList<NewKeyPackage> packages, int countMax, long nowMs, CancellationToken cancellationToken) => Next.UploadKeyPackagesAsync(device, packages, countMax, nowMs, cancellationToken);

    public ValueTask<TakenKeyPackages?> TakeKeyPackagesAsync(string account, int cipherSuite, IReadOnlyList<DeviceId>? only, long nowMs, CancellationToken cancellationToken) => Next.TakeKeyPackagesAsync(account, cipherSuite, only, nowMs, cancellationToken);

    public ValueTask<IReadOnlyList<StoredStock>> ReadStockAsync(DeviceAddress device, long nowMs, CancellationToken cancellationToken) => Next.ReadStockAsync(device, nowMs, cancellationToken);

    public ValueTask<AppendResult> AppendAsync(NewEntry entry, long nowMs, CancellationToken cancellationToken) => Next.AppendAsync(entry, nowMs, cancellationToken);

    public ValueTask<LogPage?> ReadLogAsync(GroupId group, DeviceAddress reader, long fromIndex, PageBounds bounds, CancellationToken cancellationToken) => Next.ReadLogAsync(group, reader, fromIndex, bounds, cancellationToken);

    public ValueTask<GroupInfoRecord?> ReadGroupInfoAsync(GroupId group, DeviceAddress reader, Digest? entry, CancellationToken cancellationToken) => Next.ReadGroupInfoAsync(group, reader, entry, cancellationToken);

    public ValueTask<bool> ReportEntryAsync(GroupId group, DeviceAddress reporter, Digest entry, CancellationToken cancellationToken) => Next.ReportEntryAsync(group, reporter, entry, cancellationToken);

    public ValueTask<IReadOnlyList<DeviceAddress>?> ReadRosterAsync(GroupId group, Digest? entry, CancellationToken cancellationToken) => Next.ReadRosterAsync(group, entry, cancellationToken);

    public ValueTask<IReadOnlyList<GroupHead>> ListGroupsAsync(DeviceAddress device, CancellationToken cancellationToken) => Next.ListGroupsAsync(device, cancellationToken);

    public ValueTask<SendResult> SendAsync(NewMessage message, long nowMs, CancellationToken cancellationToken) => Next.SendAsync(message, nowMs, cancellationToken);

    public ValueTask<MailboxPage> ReadMailboxAsync(DeviceAddress device, long cursor, PageBounds bounds, CancellationToken cancellationToken) => Next.ReadMailboxAsync(device, cursor, bounds, cancellationToken);

    public ValueTask<bool> AcknowledgeAsync(DeviceAddress device, long upTo, CancellationToken cancellationToken) => Next.AcknowledgeAsync(device, upTo, cancellationToken);

    public ValueTask<IMailboxReader?> OpenMailboxAsync(DeviceAddress device, long cursor, CancellationToken cancellationToken) => Next.OpenMailboxAsync(device, cursor, cancellationToken);

    public ValueTask<PutBlobResult> PutBlobAsync(BlobChunk chunk, long nowMs, CancellationToken cancellationToken) => Next.PutBlobAsync(chunk, nowMs, cancellationToken);

    public ValueTask<BlobPart?> ReadBlobAsync(Digest hash, DeviceAddress reader, long offset, int limit, CancellationToken cancellationToken) => Next.ReadBlobAsync(hash, reader, offset, limit, cancellationToken);

    public ValueTask<BlobProgress?> FindBlobAsync(Digest hash, DeviceAddress reader, CancellationToken cancellationToken) => Next.FindBlobAsync(hash, reader, cancellationToken);

    public IChangeReader OpenChanges() => Next.OpenChanges();

    public ValueTask<SweepResult> SweepAsync(long nowMs, CancellationToken cancellationToken) => Next.SweepAsync(nowMs, cancellationToken);

    public ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken) => Next.ReadFiguresAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
    }
}
