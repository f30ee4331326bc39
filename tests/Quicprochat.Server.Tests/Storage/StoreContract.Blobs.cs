using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_blob_is_put_in_chunks_and_read_by_members()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        DeviceAddress mallory = await World.PersonAsync("mallory@x");
        byte[] bytes = World.Bytes(2500);
        Digest hash = Digest.Of(bytes);
        ValueTask<PutBlobResult> Put(int offset, int length) => World.PutAsync(group, alice, hash, bytes.Length, offset, bytes.AsMemory(offset, length));

        Assert.Null(await Store.FindBlobAsync(hash, alice, Token));
        Assert.Equal(new PutBlobResult(PutBlobStatus.Gap, new BlobProgress(0, 2500, false)), await Put(1000, 1000));
        Assert.Equal(new PutBlobResult(PutBlobStatus.Stored, new BlobProgress(1000, 2500, false)), await Put(0, 1000));
        Assert.Equal(new PutBlobResult(PutBlobStatus.Stored, new BlobProgress(1000, 2500, false)), await Put(0, 1000));
        Assert.Equal(PutBlobStatus.Gap, (await Put(1500, 1000)).Status);
        Assert.Equal(PutBlobStatus.Gap, (await Put(500, 1000)).Status);
        Assert.Equal(new BlobProgress(1000, 2500, false), await Store.FindBlobAsync(hash, bob, Token));
        Assert.Null(await Store.ReadBlobAsync(hash, bob, 0, 100, Token));
        await Put(1000, 1000);
        Assert.Equal(new PutBlobResult(PutBlobStatus.Stored, new BlobProgress(2500, 2500, true)), await Put(2000, 500));
        Assert.Equal(new PutBlobResult(PutBlobStatus.Stored, new BlobProgress(2500, 2500, true)), await Put(2000, 500));
        foreach ((int offset, int length) in new[] { (0, 2500), (0, 10), (990, 20), (1000, 1000), (1999, 2), (2400, 1000), (2500, 10), (5000, 10) })
        {
            BlobPart part = (await Store.ReadBlobAsync(hash, bob, offset, length, Token))!.Value;
            Assert.Equal(bytes.Skip(offset).Take(length), part.Data.ToArray());
            Assert.Equal(2500, part.Length);
        }
        Assert.Null(await Store.FindBlobAsync(hash, mallory, Token));
        Assert.Null(await Store.ReadBlobAsync(hash, mallory, 0, 10, Token));
        Assert.Equal(PutBlobStatus.GroupUnknown, (await World.PutAsync(group, mallory, hash, 10, 0, World.Bytes(10))).Status);
    }

    [Fact]
    public async Task Chunks_that_contradict_are_refused()
    {
        (TestGroup group, DeviceAddress alice, _, _) = await ThreeAsync();
        byte[] bytes = World.Bytes(2000);
        Digest hash = Digest.Of(bytes);
        await World.PutAsync(group, alice, hash, 2000, 0, bytes.AsMemory(0, 1000));
        Assert.Equal(PutBlobStatus.Wrong, (await World.PutAsync(group, alice, hash, 2001, 1000, bytes.AsMemory(1000))).Status);
        Assert.Equal(PutBlobStatus.Wrong, (await World.PutAsync(group, alice, hash, 2000, 0, World.Bytes(1000))).Status);
        Assert.Equal(PutBlobStatus.Wrong, (await World.PutAsync(group, alice, hash, 2000, 1000, World.Bytes(1001))).Status);
        Assert.Equal(PutBlobStatus.Wrong, (await World.PutAsync(group, alice, hash, 2000, long.MaxValue, World.Bytes(10))).Status);
        Assert.Equal(PutBlobStatus.Wrong, (await World.PutAsync(group, alice, hash, 2000, -1, World.Bytes(10))).Status);
        Assert.Equal(PutBlobStatus.Wrong, (await World.PutAsync(group, alice, hash, 2000, 1000, default)).Status);

        // All there, and not what the name says: it begins anew.
        Assert.Equal(new PutBlobResult(PutBlobStatus.Wrong, new BlobProgress(0, 2000, false)), await World.PutAsync(group, alice, hash, 2000, 1000, World.Bytes(1000)));
        Assert.Null(await Store.FindBlobAsync(hash, alice, Token));
        await World.BlobAsync(group, alice, bytes);
    }

    [Fact]
    public async Task A_blob_belongs_to_the_group_it_was_put_for()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        TestGroup own = await World.GroupAsync(alice);
        byte[] bytes = World.Bytes(500);
        Digest hash = await World.BlobAsync(own, alice, bytes);
        StoredPayload payload = StoredPayload.InBlob(hash, bytes.Length);
        Assert.Null(await Store.FindBlobAsync(hash, bob, Token));
        Assert.Equal(SendStatus.BlobUnknown, (await World.SendAsync(World.Message(group, alice) with { Payload = payload })).Status);
        await World.BlobAsync(group, alice, bytes);
        Assert.Equal(SendStatus.BlobUnknown, (await World.SendAsync(World.Message(group, alice) with { Payload = StoredPayload.InBlob(hash, 499) })).Status);
        Assert.Equal(SendStatus.Stored, (await World.SendAsync(World.Message(group, alice) with { Payload = payload })).Status);
        Assert.Equal(payload, Assert.Single(await World.MailboxAsync(bob)).Message.Payload);
        Assert.Equal(bytes, (await Store.ReadBlobAsync(hash, bob, 0, 1000, Token))!.Value.Data.ToArray());
    }

    [Fact]
    public async Task A_commit_travels_in_blobs()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        DeviceAddress dave = await World.PersonAsync("dave@x");
        async Task<StoredPayload> Blob(int length) => StoredPayload.InBlob(await World.BlobAsync(group, alice, World.Bytes(length)), length);
        NewEntry entry = group.Next(alice, added: [dave]);
        entry = entry with { Commit = await Blob(700), Welcome = await Blob(800), GroupInfo = await Blob(900) };
        Assert.Equal(new AppendResult.Refused(AppendRefusal.PayloadWrong), await World.AppendAsync(entry));
        await World.CommitAsync(group, entry with { CommitHash = entry.Commit.Blob });
        Assert.Equal(entry.Commit, Assert.Single(await World.MailboxAsync(bob)).Message.Payload);
        Assert.Equal(entry.Welcome, Assert.Single(await World.MailboxAsync(dave)).Message.Payload);
        Assert.Equal(entry.GroupInfo, (await Store.ReadGroupInfoAsync(group.Id, dave, null, Token))!.GroupInfo);
        Assert.Equal(800, (await Store.ReadBlobAsync(entry.Welcome.Blob!.Value, dave, 0, 1 << 20, Token))!.Value.Data.Length);
    }

    [Fact]
    public async Task Of_two_who_put_a_blob_at_once_both_succeed()
    {
        (TestGroup group, DeviceAddress alice, DeviceAddress bob, _) = await ThreeAsync();
        byte[] bytes = World.Bytes(50_000);
        Digest hash = Digest.Of(bytes);
        async Task PutAll(DeviceAddress sender)
        {
            long offset = 0;
            while (offset < bytes.Length)
            {
                int length = (int)Math.Min(1000, bytes.Length - offset);
                PutBlobResult result = await World.PutAsync(group, sender, hash, bytes.Length, offset, bytes.AsMemory((int)offset, length));
                Assert.NotEqual(PutBlobStatus.Wrong, result.Status);
                offset = result.Status == PutBlobStatus.Gap ? result.Progress.Received : offset + length;
            }
        }
        await Task.WhenAll(Task.Run(() => PutAll(alice), Token), Task.Run(() => PutAll(bob), Token));
        Assert.Equal(bytes, (await Store.ReadBlobAsync(hash, bob, 0, bytes.Length, Token))!.Value.Data.ToArray());
    }
}
