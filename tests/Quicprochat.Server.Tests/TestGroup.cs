using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests;

/// <summary>A group as its members see the log: what the next entry follows. The commits are opaque to the server, so they are random bytes here.</summary>
internal sealed class TestGroup
{
    public byte[] Id { get; } = RandomNumberGenerator.GetBytes(16);

    public ulong Index { get; private set; }

    public ulong Epoch { get; private set; }

    public ByteString Last { get; private set; } = ByteString.Empty;

    public CreateGroupRequest Creation(TestDevice creator, Action<LogEntryBody>? change = null)
    {
        var body = new LogEntryBody { GroupId = ByteString.CopyFrom(Id), Added = { creator.Ref } };
        change?.Invoke(body);
        return new CreateGroupRequest { Body = body.ToByteString(), GroupInfo = Inline(300) };
    }

    public async Task CreateAsync(RpcClient client, TestDevice creator)
    {
        CreateGroupRequest request = Creation(creator);
        CreateGroupResponse response = await client.AskAsync(Methods.CreateGroup, request);
        Assert.Equal(LogEntryHash.Of(request.Body.Span).ToArray(), response.EntryHash.ToByteArray());
        Last = response.EntryHash;
    }

    /// <summary>A commit behind the last entry.</summary>
    public CommitRequest Commit(IEnumerable<TestDevice>? added = null, IEnumerable<TestDevice>? removed = null, Action<LogEntryBody>? change = null)
    {
        Payload commit = Inline(400);
        var body = new LogEntryBody
        {
            GroupId = ByteString.CopyFrom(Id),
            Index = Index + 1,
            Follows = Last,
            Base = Last,
            Epoch = Epoch,
            CommitHash = ByteString.CopyFrom(SHA256.HashData(commit.Inline.Span)),
            Added = { (added ?? []).Select(static device => device.Ref) },
            Removed = { (removed ?? []).Select(static device => device.Ref) },
        };
        change?.Invoke(body);
        return new CommitRequest { Body = body.ToByteString(), Commit = commit, Welcome = body.Added.Count == 0 ? null : Inline(500), GroupInfo = Inline(300) };
    }

    /// <summary>The entry was accepted.</summary>
    public void Advance(CommitResponse response)
    {
        Last = response.EntryHash;
        Index++;
        Epoch++;
    }

    public async Task CommitAsync(RpcClient client, IEnumerable<TestDevice>? added = null, IEnumerable<TestDevice>? removed = null) =>
        Advance(await client.AskAsync(Methods.Commit, Commit(added, removed)));

    public SendRequest Message(int length = 100) => new()
    {
        GroupId = ByteString.CopyFrom(Id),
        EntryHash = Last,
        Kind = EnvelopeKind.Application,
        MessageId = NewMessageId(),
        Payload = Inline(length),
    };

    public static ByteString NewMessageId() => ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true));

    public static Payload Inline(int length) => new() { Inline = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(length)) };
}
