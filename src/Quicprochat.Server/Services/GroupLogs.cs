using Quicprochat.Rpc.Calls;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>The order of commits (docs/protocol/groups.md). The store decides in one transaction; here its verdict becomes an answer.</summary>
internal sealed class GroupLogs(IServerStore store, TimeProvider clock)
{
    private static readonly PageBounds _page = new(Count: 64, Bytes: 1 << 20);

    /// <summary>Most entries of one page of the log.</summary>
    public static int LogMax => _page.Count;

    /// <summary>Appends an entry; returns when that is durable.</summary>
    public async ValueTask<(Digest Hash, long TimeMs)> AppendAsync(NewEntry entry, CancellationToken cancellationToken) =>
        await store.AppendAsync(entry, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken) switch
        {
            AppendResult.Accepted accepted => (accepted.Hash, accepted.TimeMs),
            AppendResult.AlreadyThere there => (there.Hash, there.TimeMs),
            AppendResult.Conflict conflict => throw Conflict(conflict.Winner),
            AppendResult.Refused refused => throw RefusalOf(refused.Reason),
            _ => throw Refusals.ServerFault(),
        };

    public async ValueTask<LogPage> ReadAsync(ClientSession session, GroupId group, long fromIndex, int limit, CancellationToken cancellationToken) =>
        await store.ReadLogAsync(group, session.Device, fromIndex, _page with { Count = limit }, cancellationToken) ?? throw Refusals.GroupUnknown();

    public async ValueTask<GroupInfoRecord> ReadGroupInfoAsync(ClientSession session, GroupId group, Digest? entry, CancellationToken cancellationToken) =>
        await store.ReadGroupInfoAsync(group, session.Device, entry, cancellationToken) ?? throw Refusals.GroupUnknown();

    public async ValueTask ReportAsync(ClientSession session, GroupId group, Digest entry, CancellationToken cancellationToken)
    {
        if (!await store.ReportEntryAsync(group, session.Device, entry, cancellationToken))
        {
            throw Refusals.GroupUnknown();
        }
    }

    public ValueTask<IReadOnlyList<GroupHead>> ListAsync(ClientSession session, CancellationToken cancellationToken) => store.ListGroupsAsync(session.Device, cancellationToken);

    private static RpcException Conflict(StoredEntry? winner)
    {
        var conflict = new RpcException(
            RpcStatus.Conflict, ErrorCodes.GroupConflict, "Another commit was faster. Take the log from the entry in the detail on, or from the last one known, and commit again behind its last entry.");
        return winner is null ? conflict : conflict.With(winner.ToContract());
    }

    private static RpcException RefusalOf(AppendRefusal reason) => reason switch
    {
        AppendRefusal.GroupExists => new(RpcStatus.AlreadyExists, ErrorCodes.GroupExists, "There is a group with this id. Make a new group with a new, random id."),
        AppendRefusal.GroupUnknown => Refusals.GroupUnknown(),
        AppendRefusal.NotMember => Refusals.GroupNotMember(),
        AppendRefusal.AddedUnknown => Refusals.DeviceUnknown("An added device does not exist here. Look its account up again; it may have been removed."),
        AppendRefusal.BlobUnknown => Refusals.BlobUnknown(),
        AppendRefusal.FollowsUnknown => Invalid("what it follows was never in the log, or its index is not one more"),
        AppendRefusal.BaseUnknown => Invalid("its base is not among the entries that may still be built on; take the log, and commit in the present epoch"),
        AppendRefusal.EpochWrong => Invalid("its epoch is not the one that its base leads to"),
        AppendRefusal.AddedTwice => Invalid("an added device is on the roster after its base already, or named twice"),
        AppendRefusal.RemovedUnknown => Invalid("a removed device is not on the roster after its base, or named twice"),
        AppendRefusal.RosterSize => Invalid("the roster must keep at least one device, and has at most 2,000"),
        AppendRefusal.PayloadWrong => Invalid("commit_hash must be the commit's SHA-256, a Welcome be there exactly if somebody is added, and a GroupInfo be there"),
        _ => Refusals.ServerFault(),
    };

    internal static RpcException Invalid(string clause) => new(RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid, $"The entry contradicts the log: {clause}.");
}
