using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Server.Tests.Handlers;

public sealed class BlobHandlersTests
{
    [Fact]
    public async Task A_blob_is_put_in_chunks_read_by_the_roster_and_named_by_a_message()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        (RpcClient bob, TestAccount bobAccount) = await server.JoinAsync("bob");
        (RpcClient eve, _) = await server.JoinAsync("eve");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        await group.CommitAsync(alice, added: [bobAccount.Device]);
        byte[] blob = RandomNumberGenerator.GetBytes(2_500_000);
        ByteString hash = ByteString.CopyFrom(SHA256.HashData(blob));
        SendRequest message = group.Message();
        message.Payload = new Payload { BlobHash = hash, BlobLength = (ulong)blob.Length };

        await alice.AskAsync(Methods.PutBlob, Chunk(0, 1 << 20));
        await alice.RefusedAsync(Methods.Send, message, RpcStatus.NotFound, ErrorCodes.BlobUnknown);
        await alice.RefusedAsync(Methods.PutBlob, Chunk(2 << 20, 1000), RpcStatus.InvalidArgument, ErrorCodes.BlobInvalid);
        await alice.AskAsync(Methods.PutBlob, Chunk(0, 1 << 20));
        Assert.Equal(1UL << 20, (await alice.AskAsync(Methods.BlobStatus, new BlobStatusRequest { Hash = hash })).Received);
        await alice.AskAsync(Methods.PutBlob, Chunk(1 << 20, 1 << 20));
        Assert.Equal((ulong)blob.Length, (await alice.AskAsync(Methods.PutBlob, Chunk(2 << 20, blob.Length - (2 << 20)))).Received);

        await bob.AskAsync(Methods.Subscribe, new SubscribeRequest());
        await alice.AskAsync(Methods.Send, message);
        Assert.Equal(message.Payload, (await bob.EnvelopesAsync(2))[1].Payload);
        var read = new List<byte>();
        while (read.Count < blob.Length)
        {
            GetBlobResponse part = await bob.AskAsync(Methods.GetBlob, new GetBlobRequest { Hash = hash, Offset = (ulong)read.Count });
            Assert.InRange(part.Data.Length, 1, 1 << 20);
            read.AddRange(part.Data);
        }
        Assert.Equal(blob, read);
        await eve.RefusedAsync(Methods.GetBlob, new GetBlobRequest { Hash = hash }, RpcStatus.NotFound, ErrorCodes.BlobUnknown);
        await eve.RefusedAsync(Methods.BlobStatus, new BlobStatusRequest { Hash = hash }, RpcStatus.NotFound, ErrorCodes.BlobUnknown);

        PutBlobRequest Chunk(int offset, int length) => new()
        {
            Hash = hash,
            Length = (ulong)blob.Length,
            Offset = (ulong)offset,
            Data = ByteString.CopyFrom(blob, offset, length),
            GroupId = ByteString.CopyFrom(group.Id),
        };
    }

    [Fact]
    public async Task Bytes_that_do_not_make_the_hash_are_refused_and_gone()
    {
        await using var server = new TestServer();
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        ByteString hash = ByteString.CopyFrom(new byte[32]);
        var chunk = new PutBlobRequest { Hash = hash, Length = 3, Data = ByteString.CopyFrom(1, 2, 3), GroupId = ByteString.CopyFrom(group.Id) };
        await alice.RefusedAsync(Methods.PutBlob, chunk, RpcStatus.InvalidArgument, ErrorCodes.BlobInvalid);
        await alice.RefusedAsync(Methods.BlobStatus, new BlobStatusRequest { Hash = hash }, RpcStatus.NotFound, ErrorCodes.BlobUnknown);
        chunk.Length = (64UL << 20) + 1;
        await alice.RefusedAsync(Methods.PutBlob, chunk, RpcStatus.PayloadTooLarge, ErrorCodes.BlobTooLarge);
    }

    [Fact]
    public async Task Bytes_of_blobs_are_limited_for_each_device()
    {
        await using var server = new TestServer(static options => options.Limits.BlobBytesPerDayMax = 100);
        (RpcClient alice, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(alice, account.Device);
        byte[] data = new byte[200];
        var chunk = new PutBlobRequest { Hash = ByteString.CopyFrom(SHA256.HashData(data)), Length = 200, Data = ByteString.CopyFrom(data), GroupId = ByteString.CopyFrom(group.Id) };
        await alice.AskAsync(Methods.PutBlob, chunk);
        RpcException refusal = await alice.RefusedAsync(Methods.PutBlob, chunk, RpcStatus.ResourceExhausted, ErrorCodes.RateLimited);
        Assert.InRange(refusal.RetryAfter, TimeSpan.FromHours(23), TimeSpan.FromHours(25));
    }
}
