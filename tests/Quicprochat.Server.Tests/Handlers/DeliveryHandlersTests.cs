using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;

namespace Quicprochat.Server.Tests.Handlers;

public sealed class DeliveryHandlersTests
{
    [Fact]
    public async Task Both_devices_of_an_account_get_what_another_sends_and_the_sender_does_not()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount aliceAccount) = await server.JoinAsync("alice");
        (RpcClient laptop, TestAccount bob) = await server.JoinAsync("bob");
        var phone = new TestDevice(bob);
        bob.Devices.Add(phone);
        await laptop.AskAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = bob.NextList() });
        RpcClient onPhone = await server.ConnectAsync(phone);
        var group = new TestGroup();
        await group.CreateAsync(alice, aliceAccount.Device);
        await group.CommitAsync(alice, added: bob.Devices);
        foreach (RpcClient client in new[] { alice, laptop, onPhone })
        {
            await client.AskAsync(Methods.Subscribe, new SubscribeRequest());
        }
        SendRequest first = group.Message();
        SendRequest second = group.Message();
        Assert.Equal(2U, (await alice.AskAsync(Methods.Send, first)).Recipients);
        Assert.Equal(2U, (await laptop.AskAsync(Methods.Send, second)).Recipients);
        Assert.Equal([first.MessageId], (await laptop.EnvelopesAsync(2)).Skip(1).Select(static envelope => envelope.MessageId));
        List<Envelope> atPhone = await onPhone.EnvelopesAsync(3);
        Assert.Equal([ByteString.Empty, first.MessageId, second.MessageId], atPhone.Select(static envelope => envelope.MessageId));
        Assert.Equal([EnvelopeKind.Welcome, EnvelopeKind.Application, EnvelopeKind.Application], atPhone.Select(static envelope => envelope.Kind));
        Assert.Equal(second.MessageId, (await alice.EnvelopesAsync(1))[0].MessageId);
    }

    [Fact]
    public async Task The_same_message_again_is_stored_once_and_other_bytes_are_a_conflict()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account, TestGroup group) = await AloneAsync(server);
        SendRequest message = group.Message();
        SendResponse first = await alice.AskAsync(Methods.Send, message);
        Assert.Equal(first, await alice.AskAsync(Methods.Send, message));
        message.Payload = TestGroup.Inline(10);
        await alice.RefusedAsync(Methods.Send, message, RpcStatus.Conflict, ErrorCodes.MessageConflict);
    }

    [Fact]
    public async Task Who_is_not_on_the_roster_cannot_send_and_old_epochs_are_stale()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account, TestGroup group) = await AloneAsync(server);
        (RpcClient eve, TestAccount eveAccount) = await server.JoinAsync("eve");
        await eve.RefusedAsync(Methods.Send, group.Message(), RpcStatus.PermissionDenied, ErrorCodes.GroupNotMember);
        SendRequest old = group.Message();
        for (int i = 0; i < 6; i++)
        {
            await group.CommitAsync(alice);
        }
        await alice.RefusedAsync(Methods.Send, old, RpcStatus.Conflict, ErrorCodes.GroupEpochStale);
        SendRequest elsewhere = new TestGroup().Message();
        elsewhere.EntryHash = group.Last;
        await alice.RefusedAsync(Methods.Send, elsewhere, RpcStatus.NotFound, ErrorCodes.GroupUnknown);
    }

    [Fact]
    public async Task A_second_connection_that_subscribes_replaces_the_first()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        await alice.AskAsync(Methods.Subscribe, new SubscribeRequest());
        await alice.AskAsync(Methods.Subscribe, new SubscribeRequest());
        RpcClient second = await server.ConnectAsync(account.Device);
        await second.AskAsync(Methods.Subscribe, new SubscribeRequest());
        Assert.Equal(CloseCode.Replaced, await alice.ClosedAsync());
        await second.AskAsync(Methods.Stock, new StockRequest());
    }

    [Fact]
    public async Task A_backlog_comes_before_what_comes_live_whatever_the_reader_does()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, TestAccount bobAccount) = await server.JoinAsync("bob");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        await group.CommitAsync(alice, added: [bobAccount.Device]);

        // More than one push and one flow-control window hold, while nobody reads.
        var sent = new List<ByteString>();
        async Task SendAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                SendRequest message = group.Message(20_000);
                sent.Add(message.MessageId);
                await alice.AskAsync(Methods.Send, message);
            }
        }
        await SendAsync(100);
        await bob.AskAsync(Methods.Subscribe, new SubscribeRequest());
        await SendAsync(100);
        Assert.InRange(server.Core.Meter.EnvelopesWaiting, 0, 256);
        List<Envelope> got = (await bob.EnvelopesAsync(201))[1..];
        Assert.Equal(sent, got.Select(static envelope => envelope.MessageId));
        Assert.Equal(got.Select(static envelope => envelope.Sequence).Order(), got.Select(static envelope => envelope.Sequence));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_nobody_else_back()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, TestAccount bobAccount) = await server.JoinAsync("bob");
        (RpcClient carol, TestAccount carolAccount) = await server.JoinAsync("carol");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        await group.CommitAsync(alice, added: [bobAccount.Device, carolAccount.Device]);
        await bob.AskAsync(Methods.Subscribe, new SubscribeRequest());
        await carol.AskAsync(Methods.Subscribe, new SubscribeRequest());
        for (int i = 0; i < 200; i++)
        {
            await alice.AskAsync(Methods.Send, group.Message(50_000));
        }
        await carol.EnvelopesAsync(201);
        await bob.AskAsync(Methods.Stock, new StockRequest());
        await bob.EnvelopesAsync(201);
    }

    [Fact]
    public async Task What_was_acknowledged_does_not_come_again()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, TestAccount bobAccount) = await server.JoinAsync("bob");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        await group.CommitAsync(alice, added: [bobAccount.Device]);
        await alice.AskAsync(Methods.Send, group.Message());
        FetchResponse all = await bob.AskAsync(Methods.Fetch, new FetchRequest());
        Assert.Equal((2, all.Envelopes[1].Sequence), (all.Envelopes.Count, all.NewestSequence));
        Assert.Single((await bob.AskAsync(Methods.Fetch, new FetchRequest { Limit = 1 })).Envelopes);
        await bob.AskAsync(Methods.Acknowledge, new AcknowledgeRequest { UpTo = all.Envelopes[0].Sequence });
        Assert.Equal([all.Envelopes[1]], (await bob.AskAsync(Methods.Fetch, new FetchRequest())).Envelopes);
        SubscribeResponse ahead = await bob.AskAsync(Methods.Subscribe, new SubscribeRequest { Cursor = 1_000_000 });
        Assert.Equal(all.NewestSequence, ahead.NewestSequence);
    }

    /// <summary>Whoever writes the longest bodies there are cannot make a page that does not fit into a frame.</summary>
    [Fact]
    public async Task The_longest_entries_come_in_as_many_frames_as_they_need()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, TestAccount bobAccount) = await server.JoinAsync("bob");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        await group.CommitAsync(alice, added: [bobAccount.Device]);
        byte[] padding = new byte[500_000];
        for (int i = 0; i < 12; i++)
        {
            CommitRequest commit = group.Commit();

            // A field that nobody knows: tag 15, and its length.
            commit.Body = ByteString.CopyFrom([.. commit.Body.Span, 0x7a, 0xa0, 0xc2, 0x1e, .. padding]);
            group.Advance(await alice.AskAsync(Methods.Commit, commit));
        }
        int fetched = (await bob.AskAsync(Methods.Fetch, new FetchRequest())).Envelopes.Count;
        Assert.InRange(fetched, 2, 12);
        Assert.InRange((await bob.AskAsync(Methods.Log, new LogRequest { GroupId = ByteString.CopyFrom(group.Id), FromIndex = 2 })).Entries.Count, 1, 11);
        await bob.AskAsync(Methods.Subscribe, new SubscribeRequest());
        Assert.Equal(12, (await bob.EnvelopesAsync(13)).Count(static envelope => envelope.Kind == EnvelopeKind.Commit));
    }

    [Fact]
    public async Task A_device_out_of_the_group_gets_nothing_more()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, TestAccount bobAccount) = await server.JoinAsync("bob");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        await group.CommitAsync(alice, added: [bobAccount.Device]);
        await group.CommitAsync(alice, removed: [bobAccount.Device]);
        Assert.Equal(0U, (await alice.AskAsync(Methods.Send, group.Message())).Recipients);
        await bob.RefusedAsync(Methods.Send, group.Message(), RpcStatus.PermissionDenied, ErrorCodes.GroupNotMember);
        Assert.Equal([EnvelopeKind.Welcome, EnvelopeKind.Commit], (await bob.AskAsync(Methods.Fetch, new FetchRequest())).Envelopes.Select(static envelope => envelope.Kind));
    }

    private static async Task<(RpcClient Client, TestAccount Account, TestGroup Group)> AloneAsync(TestServer server)
    {
        (RpcClient client, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(client, account.Device);
        return (client, account, group);
    }
}
