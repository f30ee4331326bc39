using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Handlers;

/// <summary>400–419: groups and their logs.</summary>
internal sealed class GroupHandlers(GroupLogs logs)
{
    public async ValueTask<CreateGroupResponse> CreateAsync(ClientSession session, CreateGroupRequest request, CancellationToken cancellationToken)
    {
        (Digest hash, _) = await logs.AppendAsync(LogEntryBodies.ReadFirst(request, session.Device), cancellationToken);
        return new CreateGroupResponse { EntryHash = hash.ToBytes() };
    }

    public async ValueTask<CommitResponse> CommitAsync(ClientSession session, CommitRequest request, CancellationToken cancellationToken)
    {
        (Digest hash, long timeMs) = await logs.AppendAsync(LogEntryBodies.Read(request, session.Device), cancellationToken);
        return new CommitResponse { EntryHash = hash.ToBytes(), TimeMs = (ulong)timeMs };
    }

    public async ValueTask<LogResponse> LogAsync(ClientSession session, LogRequest request, CancellationToken cancellationToken)
    {
        GroupId group = Arguments.Group(request.GroupId);
        long from = Arguments.Number(request.FromIndex, "from_index");
        LogPage page = await logs.ReadAsync(session, group, from, Arguments.Limit(request.Limit, GroupLogs.LogMax), cancellationToken);
        var response = new LogResponse { NewestIndex = (ulong)page.NewestIndex };
        var budget = default(FrameBudget);
        foreach (StoredEntry entry in page.Entries)
        {
            if (!budget.TryTake(entry))
            {
                break;
            }
            response.Entries.Add(entry.ToContract());
        }
        return response;
    }

    public async ValueTask<GroupInfoResponse> GroupInfoAsync(ClientSession session, GroupInfoRequest request, CancellationToken cancellationToken)
    {
        GroupId group = Arguments.Group(request.GroupId);
        GroupInfoRecord record = await logs.ReadGroupInfoAsync(session, group, Arguments.OptionalHash(request.EntryHash, "entry_hash"), cancellationToken);
        return new GroupInfoResponse
        {
            Entry = record.Entry.ToContract(),
            GroupInfo = record.GroupInfo.ToContract(),
            NewestIndex = (ulong)record.Newest.Index,
            NewestHash = record.Newest.Hash.ToBytes(),
        };
    }

    public async ValueTask<ReportEntryResponse> ReportAsync(ClientSession session, ReportEntryRequest request, CancellationToken cancellationToken)
    {
        await logs.ReportAsync(session, Arguments.Group(request.GroupId), Arguments.Hash(request.EntryHash, "entry_hash"), cancellationToken);
        return new ReportEntryResponse();
    }

    public async ValueTask<ListGroupsResponse> ListAsync(ClientSession session, ListGroupsRequest request, CancellationToken cancellationToken)
    {
        var response = new ListGroupsResponse();
        var budget = default(FrameBudget);
        foreach (GroupHead head in await logs.ListAsync(session, cancellationToken))
        {
            if (!budget.TryTake(head.Group.Span.Length))
            {
                break;
            }
            response.Groups.Add(new GroupSummary { GroupId = ContractMessages.Wrap(head.Group.Memory), NewestIndex = (ulong)head.Index, NewestHash = head.Hash.ToBytes() });
        }
        return response;
    }
}
