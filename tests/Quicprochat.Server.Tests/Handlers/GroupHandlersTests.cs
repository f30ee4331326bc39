using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Handlers;

public sealed class GroupHandlersTests
{
    [Fact]
    public async Task Creating_twice_is_once_and_another_group_of_the_same_id_is_refused()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient eve, TestAccount eveAccount) = await server.JoinAsync("eve");
        var group = new TestGroup();
        CreateGroupRequest creation = group.Creation(account.Device);
        CreateGroupResponse first = await alice.AskAsync(Methods.CreateGroup, creation);
        Assert.Equal(first, await alice.AskAsync(Methods.CreateGroup, creation));
        await eve.RefusedAsync(Methods.CreateGroup, group.Creation(eveAccount.Device), RpcStatus.AlreadyExists, ErrorCodes.GroupExists);
    }

    [Fact]
    public async Task Of_commits_behind_the_same_entry_one_is_accepted_and_the_others_learn_which()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        CommitRequest[] commits = [.. Enumerable.Range(0, 10).Select(_ => group.Commit())];
        object[] ends = await Task.WhenAll(commits.Select(async commit =>
        {
            try
            {
                return (object)await alice.AskAsync(Methods.Commit, commit);
            }
            catch (RpcException e)
            {
                return e;
            }
        }));
        CommitResponse winner = Assert.Single(ends.OfType<CommitResponse>());
        CommitRequest won = commits[Array.IndexOf(ends, winner)];
        Assert.All(ends.OfType<RpcException>(), conflict =>
        {
            Assert.Equal((RpcStatus.Conflict, ErrorCodes.GroupConflict), (conflict.Status, conflict.Code));
            Assert.Equal(won.Body, LogEntry.Parser.ParseFrom(conflict.Detail.Span).Body);
        });
        Assert.Equal(winner, await alice.AskAsync(Methods.Commit, won));
    }

    [Fact]
    public async Task The_log_and_the_group_info_are_for_the_roster()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient eve, _) = await server.JoinAsync("eve");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        ByteString creation = group.Last;
        CommitRequest commit = group.Commit();
        group.Advance(await alice.AskAsync(Methods.Commit, commit));
        ByteString id = ByteString.CopyFrom(group.Id);
        LogResponse log = await alice.AskAsync(Methods.Log, new LogRequest { GroupId = id });
        Assert.Equal((2, 1UL), (log.Entries.Count, log.NewestIndex));
        Assert.Equal((commit.Body, commit.Commit, account.Device.Ref), (log.Entries[1].Body, log.Entries[1].Commit, log.Entries[1].Submitter));
        Assert.Equal(1UL, LogEntryBody.Parser.ParseFrom(Assert.Single((await alice.AskAsync(Methods.Log, new LogRequest { GroupId = id, FromIndex = 1 })).Entries).Body).Index);
        GroupInfoResponse info = await alice.AskAsync(Methods.GroupInfo, new GroupInfoRequest { GroupId = id });
        Assert.Equal((commit.GroupInfo, group.Last, 1UL), (info.GroupInfo, info.NewestHash, info.NewestIndex));
        Assert.Equal(creation.ToByteArray(), LogEntryHash.Of((await alice.AskAsync(Methods.GroupInfo, new GroupInfoRequest { GroupId = id, EntryHash = creation })).Entry.Body.Span).ToArray());
        Assert.Equal([group.Last], (await alice.AskAsync(Methods.ListGroups, new ListGroupsRequest())).Groups.Select(static summary => summary.NewestHash));
        await eve.RefusedAsync(Methods.Log, new LogRequest { GroupId = id }, RpcStatus.NotFound, ErrorCodes.GroupUnknown);
        await eve.RefusedAsync(Methods.GroupInfo, new GroupInfoRequest { GroupId = id }, RpcStatus.NotFound, ErrorCodes.GroupUnknown);
        await eve.RefusedAsync(Methods.ReportEntry, new ReportEntryRequest { GroupId = id, EntryHash = group.Last }, RpcStatus.NotFound, ErrorCodes.GroupUnknown);
        Assert.Empty((await eve.AskAsync(Methods.ListGroups, new ListGroupsRequest())).Groups);
    }

    [Fact]
    public async Task A_reported_entry_says_so()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        await group.CommitAsync(alice);
        await alice.AskAsync(Methods.ReportEntry, new ReportEntryRequest { GroupId = ByteString.CopyFrom(group.Id), EntryHash = group.Last });
        Assert.Equal([false, true], (await alice.AskAsync(Methods.Log, new LogRequest { GroupId = ByteString.CopyFrom(group.Id) })).Entries.Select(static entry => entry.Reported));
    }

    /// <summary>Entries that break a rule of docs/protocol/groups.md, each in one place.</summary>
    public static TheoryData<string, RpcStatus, string> BrokenEntries => new()
    {
        { "index", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "follows", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "base", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "epoch", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "commit hash", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "added is a member", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "added is nobody", RpcStatus.NotFound, ErrorCodes.DeviceUnknown },
        { "removed is no member", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "nobody is left", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "external with a change", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "no Welcome", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "a Welcome for nobody", RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid },
        { "not a member", RpcStatus.PermissionDenied, ErrorCodes.GroupNotMember },
        { "no such group", RpcStatus.NotFound, ErrorCodes.GroupUnknown },
        { "a blob that is not there", RpcStatus.NotFound, ErrorCodes.BlobUnknown },
    };

    [Theory]
    [MemberData(nameof(BrokenEntries))]
    public async Task An_entry_that_breaks_a_rule_is_refused_by_name(string rule, RpcStatus status, string code)
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, TestAccount bobAccount) = await server.JoinAsync("bob");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        ByteString other = ByteString.CopyFrom(new byte[32]);
        CommitRequest request = rule switch
        {
            "index" => group.Commit(change: static body => body.Index++),
            "follows" => group.Commit(change: body => body.Follows = other),
            "base" => group.Commit(change: body => body.Base = other),
            "epoch" => group.Commit(change: static body => body.Epoch++),
            "commit hash" => group.Commit(change: body => body.CommitHash = other),
            "added is a member" => group.Commit(added: [account.Device]),
            "added is nobody" => group.Commit(added: [new TestDevice(account)]),
            "removed is no member" => group.Commit(removed: [bobAccount.Device]),
            "nobody is left" => group.Commit(removed: [account.Device]),
            "external with a change" => group.Commit(added: [bobAccount.Device], change: static body => body.External = true),
            "no such group" => group.Commit(change: body => body.GroupId = other),
            _ => group.Commit(),
        };
        switch (rule)
        {
            case "no Welcome":
                request = group.Commit(added: [bobAccount.Device]);
                request.Welcome = null;
                break;
            case "a Welcome for nobody":
                request.Welcome = TestGroup.Inline(10);
                break;
            case "a blob that is not there":
                request.GroupInfo = new Payload { BlobHash = other, BlobLength = 10 };
                break;
        }
        await (rule == "not a member" ? bob : alice).RefusedAsync(Methods.Commit, request, status, code);
        await group.CommitAsync(alice);
    }

    [Fact]
    public async Task Entry_0_adds_its_creator_and_nobody_else()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (_, TestAccount bob) = await server.JoinAsync("bob");
        var group = new TestGroup();
        Action<LogEntryBody>[] changes =
        [
            static body => body.Added.Clear(),
            body => body.Added.Add(bob.Device.Ref),
            body => body.Added[0] = bob.Device.Ref,
            static body => body.Index = 1,
            static body => body.Epoch = 1,
            static body => body.Follows = ByteString.CopyFrom(new byte[32]),
            static body => body.External = true,
        ];
        foreach (Action<LogEntryBody> change in changes)
        {
            await alice.RefusedAsync(Methods.CreateGroup, group.Creation(account.Device, change), RpcStatus.InvalidArgument, ErrorCodes.GroupEntryInvalid);
        }
    }
}
