using Quicprochat.Server.Storage.Changes;
using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Sqlite;

internal sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(NewEntry entry, long nowMs, CancellationToken cancellationToken) => AppendRules.PayloadsFit(entry)
        ? WriteAsync(session => session.Groups.Append(entry, nowMs), cancellationToken)
        : ValueTask.FromResult<AppendResult>(new AppendResult.Refused(AppendRefusal.PayloadWrong));

    /// <inheritdoc/>
    public ValueTask<LogPage?> ReadLogAsync(GroupId group, DeviceAddress reader, long fromIndex, PageBounds bounds, CancellationToken cancellationToken) =>
        ReadAsync(session => session.Groups.FindFor(group, reader) is { } window ? session.Groups.ReadLog(window, fromIndex, bounds) : null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GroupInfoRecord?> ReadGroupInfoAsync(GroupId group, DeviceAddress reader, Digest? entry, CancellationToken cancellationToken) =>
        ReadAsync(
            session => session.Devices.FindActive(reader) is int device && session.Groups.Find(group) is { } window
                ? session.Groups.ReadGroupInfo(window, group, device, entry)
                : null,
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReportEntryAsync(GroupId group, DeviceAddress reporter, Digest entry, CancellationToken cancellationToken) =>
        WriteAsync(session => session.Groups.FindFor(group, reporter) is { } window && session.Groups.Report(window, entry), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeviceAddress>?> ReadRosterAsync(GroupId group, Digest? entry, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<DeviceAddress>?>(
            session => session.Groups.Find(group) is { } window && (entry is Digest hash ? window.Find(hash) : window.Newest) is { } found
                ? [.. session.Groups.Roster(found).Select(session.Devices.Address)]
                : null,
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GroupHead>> ListGroupsAsync(DeviceAddress device, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<GroupHead>>(session => session.Devices.FindActive(device) is int number ? session.Groups.List(number) : [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SendResult> SendAsync(NewMessage message, long nowMs, CancellationToken cancellationToken)
    {
        // Here, not on the writer's thread.
        UInt128 digest = SentDigest.Of(message);
        return WriteAsync(session => session.Mailboxes.Send(message, digest, nowMs), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<MailboxPage> ReadMailboxAsync(DeviceAddress device, long cursor, PageBounds bounds, CancellationToken cancellationToken) =>
        ReadAsync(
            session => session.Devices.FindActive(device) is int number ? session.Mailboxes.Read(number, cursor, bounds) : new MailboxPage([], default),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> AcknowledgeAsync(DeviceAddress device, long upTo, CancellationToken cancellationToken) => WriteAsync(
        session =>
        {
            if (session.Devices.FindActive(device) is not int number)
            {
                return false;
            }
            session.Mailboxes.Acknowledge(number, upTo);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IMailboxReader?> OpenMailboxAsync(DeviceAddress device, long cursor, CancellationToken cancellationToken)
    {
        if (await ReadAsync(session => session.Devices.FindActive(device), cancellationToken) is not int number)
        {
            return null;
        }
        var reader = new MailboxReader(_mailboxes, number, cursor, (position, bounds, token) => ReadAsync(session => session.Mailboxes.Read(number, position, bounds), token));

        // First it listens, then it looks: nothing falls between.
        _mailboxes.Add(number, reader);
        try
        {
            MailboxState state = await ReadAsync(session => session.Devices.State(number), cancellationToken);
            reader.Offer(state.Newest, null);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }
}
