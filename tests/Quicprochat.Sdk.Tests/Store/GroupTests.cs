using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>Real MLS groups in a store.</summary>
public sealed class GroupTests : IDisposable
{
    private readonly Profile _alice = new();
    private readonly Profile _bob = new();

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task Two_talk_and_are_closed_and_opened_again_at_every_step()
    {
        await (await StoredClient.CreateAsync(_alice.Folder)).DisposeAsync();
        await (await StoredClient.CreateAsync(_bob.Folder)).DisposeAsync();
        byte[] package = await OnceAsync(_bob, static bob => bob.PublishAsync("bob"));
        byte[] welcome = await OnceAsync(_alice, alice => alice.BeginAsync("alice", package));
        await OnceAsync(_bob, bob => bob.JoinAsync(welcome));
        ulong sequence = 0;
        for (int round = 0; round < 4; round++)
        {
            long number = await OnceAsync(_alice, alice => alice.SendAsync($"from alice {round}"));
            byte[] payload = await OnceAsync(_alice, alice => alice.Store.Read(tx => tx.Outbox.Find(number)!.Value.Row.Payload.ToByteArray()));
            await OnceAsync(_alice, alice => alice.SentAsync(number));
            sequence++;
            await OnceAsync(_bob, bob => bob.ReceiveAsync(sequence, payload));
            await OnceAsync(_bob, bob => bob.ReceiveAsync(sequence, payload));

            byte[] commit = await OnceAsync(_bob, static bob => bob.CommitAsync());
            await OnceAsync(_alice, alice => alice.ReceiveAsync((ulong)(2 * round) + 1, commit));
            number = await OnceAsync(_bob, bob => bob.SendAsync($"from bob {round}"));
            payload = await OnceAsync(_bob, bob => bob.Store.Read(tx => tx.Outbox.Find(number)!.Value.Row.Payload.ToByteArray()));
            await OnceAsync(_bob, bob => bob.SentAsync(number));
            await OnceAsync(_alice, alice => alice.ReceiveAsync((ulong)(2 * round) + 2, payload));
            Assert.Equal(await OnceAsync(_alice, static alice => alice.AuthenticatorAsync()), await OnceAsync(_bob, static bob => bob.AuthenticatorAsync()));
        }
        string[] expected = [.. Enumerable.Range(0, 4).SelectMany(static round => new[] { $"from alice {round}", $"from bob {round}" })];
        Assert.Equal(expected, await OnceAsync(_alice, static alice => alice.HistoryAsync()));
        Assert.Equal(expected, await OnceAsync(_bob, static bob => bob.HistoryAsync()));
    }

    [Fact]
    public async Task A_group_that_ran_ahead_of_an_undone_transaction_is_read_again()
    {
        (StoredClient alice, StoredClient bob) = await MeetAsync();
        await using StoredClient first = alice, second = bob;
        byte[] before = await alice.AuthenticatorAsync();
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<FormatException>(() => alice.Store.Write(tx =>
            {
                Group group = alice.Find(tx);
                group.Commit(Chat.Now);
                group.ConfirmCommit(Chat.Now);
                Assert.NotEqual(before, group.EpochAuthenticator);
                throw new FormatException("after the group moved on");
            }));
            Assert.Equal(0, alice.Groups.Count);
            Assert.Equal(before, await alice.AuthenticatorAsync());
        }

        // A sender's key is used for one message: the undone ones never left, and the next one is understood.
        await Assert.ThrowsAsync<FormatException>(() => alice.Store.Write(tx =>
        {
            alice.Find(tx).Protect("never sent"u8);
            throw new FormatException();
        }));
        long number = await alice.SendAsync("sent");
        await bob.ReceiveAsync(1, await alice.Store.Read(tx => tx.Outbox.Find(number)!.Value.Row.Payload.ToByteArray()));
        Assert.Equal(["sent"], await bob.HistoryAsync());
    }

    [Fact]
    public async Task A_message_that_is_refused_leaves_the_group_in_memory_and_in_the_store()
    {
        (StoredClient alice, StoredClient bob) = await MeetAsync();
        await using StoredClient first = alice, second = bob;
        byte[] authenticator = await bob.AuthenticatorAsync();
        await bob.Store.Write(tx =>
        {
            Group group = bob.Find(tx);
            Assert.Throws<Mls.MlsException>(() => group.Process([1, 2, 3], Chat.Now));
            tx.Mailbox.Put(new MailboxRow { Cursor = 1 });
        });
        Assert.Equal(1ul, await bob.CursorAsync());
        Assert.Equal(1, bob.Groups.Count);
        Assert.Equal(authenticator, await bob.AuthenticatorAsync());
    }

    [Fact]
    public async Task Records_of_groups_are_found_by_group_and_a_deleted_group_leaves_none()
    {
        await using StoredClient alice = await StoredClient.CreateAsync(_alice.Folder);
        await alice.Store.Write(tx =>
        {
            // Ids of every form of length that a vector has, and ids that begin alike.
            byte[][] ids = [[1], [1, 1], [.. new byte[63]], [.. new byte[64]], [.. new byte[20000]]];
            foreach (byte[] id in ids)
            {
                alice.Groups.Add(tx, Group.Create(alice.Mls, alice.CreateIdentity("alice"), Chat.Now, new GroupOptions { GroupId = id }));
            }
            foreach (byte[] id in ids)
            {
                alice.Groups.Drop(id);
                Assert.Equal(id, alice.Groups.Find(tx, id)!.GroupId.ToArray());
            }
            KeyPackage package = alice.Mls.CreateKeyPackage(alice.CreateIdentity("alice"), Chat.Now);
            Assert.Equal("k"u8[0], Assert.Single(tx.GroupRecords.ReadRange("k"u8)).Key.Span[0]);
            int all = tx.GroupRecords.ReadRange(default).Count;
            foreach (byte[] id in ids)
            {
                alice.Groups.Find(tx, id)!.Delete();
                alice.Groups.Drop(id);
                Assert.Null(alice.Groups.Find(tx, id));
                Assert.True(tx.GroupRecords.ReadRange(default).Count < all);
                all = tx.GroupRecords.ReadRange(default).Count;
            }
            alice.Mls.ForgetKeyPackage(package);
        });
        Assert.Equal(0, await alice.Store.Verify());
    }

    [Fact]
    public async Task The_larger_groups_and_many_epochs_are_read_back_as_they_were()
    {
        await using StoredClient alice = await StoredClient.CreateAsync(_alice.Folder);
        MlsClient others = Chat.Client(new Mls.Storage.MemoryGroupStore());
        byte[][] packages = [.. Enumerable.Range(0, 20).Select(number =>
            others.CreateKeyPackage(others.CreateIdentity(Mls.Credentials.Credential.Basic($"member {number}")), Chat.Now).ToMessage())];
        await alice.BeginAsync("alice", packages);
        for (int i = 0; i < 6; i++)
        {
            await alice.CommitAsync();
            byte[] authenticator = await alice.AuthenticatorAsync();
            byte[] tree = await alice.Store.Read(tx => alice.Find(tx).ExportRatchetTree());
            await alice.Store.Read(tx => alice.Groups.Drop(alice.Find(tx).GroupId.Span));
            Assert.Equal(authenticator, await alice.AuthenticatorAsync());
            Assert.Equal(tree, await alice.Store.Read(tx => alice.Find(tx).ExportRatchetTree()));
        }
    }

    private async Task<(StoredClient Alice, StoredClient Bob)> MeetAsync()
    {
        StoredClient alice = await StoredClient.CreateAsync(_alice.Folder);
        StoredClient bob = await StoredClient.CreateAsync(_bob.Folder);
        await bob.JoinAsync(await alice.BeginAsync("alice", await bob.PublishAsync("bob")));
        return (alice, bob);
    }

    private static async Task<T> OnceAsync<T>(Profile profile, Func<StoredClient, Task<T>> function)
    {
        await using StoredClient client = await StoredClient.OpenAsync(profile.Folder);
        return await function(client);
    }

    private static async Task OnceAsync(Profile profile, Func<StoredClient, Task> function)
    {
        await using StoredClient client = await StoredClient.OpenAsync(profile.Folder);
        await function(client);
    }
}
