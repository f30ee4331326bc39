using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Server.Tests.Handlers;

/// <summary>Every method is called with what no client of ours would send. Each call ends with a status that fits and a code that is listed, and the connection goes on.</summary>
public sealed class MalformedRequestTests
{
    // Methods that an empty request is right for.
    private static readonly HashSet<string> _takesEmpty = ["keypackages.stock", "groups.list", "server.health", "server.info", "delivery.subscribe", "delivery.fetch"];

    private static readonly HashSet<string> _codes =
        [.. typeof(ErrorCodes).GetFields().Select(static field => (string)field.GetRawConstantValue()!)];

    public static TheoryData<string> MethodNames => [.. Methods.All.Select(static method => method.Name)];

    [Theory]
    [MemberData(nameof(MethodNames))]
    public async Task An_empty_request_is_answered_by_name(string name)
    {
        await using var server = new TestServer();
        (RpcClient client, _) = await server.JoinAsync("alice");
        (RpcStatus status, ErrorDetail? error) = await CallAsync(client, Method(name), []);
        if (_takesEmpty.Contains(name))
        {
            Assert.Equal(RpcStatus.Ok, status);
        }
        else
        {
            Assert.Equal(RpcStatus.InvalidArgument, status);
            Check(error);
        }
        await client.AskAsync(Methods.Stock, new StockRequest());
    }

    [Theory]
    [MemberData(nameof(MethodNames))]
    public async Task Random_bytes_are_answered_by_name(string name)
    {
        await using var server = new TestServer();
        (RpcClient client, _) = await server.JoinAsync("alice");
        var random = new Random(4711);
        for (int i = 0; i < 50; i++)
        {
            byte[] payload = new byte[random.Next(1, 300)];
            random.NextBytes(payload);
            (RpcStatus status, ErrorDetail? error) = await CallAsync(client, Method(name), payload);
            Assert.NotEqual(RpcStatus.Internal, status);
            Check(error, status);
        }
        await server.Connect().AskAsync(Methods.Health, new HealthRequest());
    }

    /// <summary>Well-formed Protobuf with every field of every request far too long: strings and bytes of 70,000 bytes, the largest numbers.</summary>
    [Theory]
    [MemberData(nameof(MethodNames))]
    public async Task Fields_beyond_their_bounds_are_answered_by_name(string name)
    {
        await using var server = new TestServer();
        (RpcClient client, _) = await server.JoinAsync("alice");
        for (int field = 1; field <= 9; field++)
        {
            foreach (byte[] payload in new[] { LengthDelimited(field, RandomNumberGenerator.GetBytes(70_000)), LengthDelimited(field, [.. Enumerable.Repeat((byte)'a', 70_000)]), Varint(field, ulong.MaxValue) })
            {
                (RpcStatus status, ErrorDetail? error) = await CallAsync(client, Method(name), payload);
                Assert.NotEqual(RpcStatus.Internal, status);
                Check(error, status);
            }
        }
        await server.Connect().AskAsync(Methods.Health, new HealthRequest());
    }

    [Theory]
    [MemberData(nameof(MethodNames))]
    public async Task Only_open_methods_are_answered_before_authentication(string name)
    {
        await using var server = new TestServer();
        (RpcStatus status, ErrorDetail? error) = await CallAsync(server.Connect(), Method(name), []);
        if (Method(name).IsOpen)
        {
            Assert.NotEqual(ErrorCodes.AuthenticationRequired, error?.Code);
        }
        else
        {
            Assert.Equal((RpcStatus.Unauthenticated, ErrorCodes.AuthenticationRequired), (status, error?.Code));
        }
    }

    [Fact]
    public async Task Every_method_has_a_handler()
    {
        await using var server = new TestServer();
        RpcClient client = server.Connect();
        foreach (RpcMethod method in Methods.All)
        {
            (RpcStatus status, _) = await CallAsync(client, method, []);
            Assert.NotEqual(RpcStatus.Unimplemented, status);
        }
    }

    /// <summary>Requests whose every part is right but one.</summary>
    [Fact]
    public async Task One_wrong_field_is_named()
    {
        await using var server = new TestServer();
        (RpcClient client, TestAccount account) = await server.JoinAsync("alice");
        var group = new TestGroup();
        await group.CreateAsync(client, account.Device);
        await SendAsync(static message => message.GroupId = ByteString.Empty, "group_id");
        await SendAsync(static message => message.GroupId = ByteString.CopyFrom(new byte[256]), "group_id");
        await SendAsync(static message => message.EntryHash = ByteString.CopyFrom(new byte[31]), "entry_hash");
        await SendAsync(static message => message.MessageId = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()), "message_id");
        await SendAsync(static message => message.MessageId = ByteString.CopyFrom(new byte[17]), "message_id");
        await SendAsync(static message => message.Kind = EnvelopeKind.Commit, "kind");
        await SendAsync(static message => message.Payload = null, "payload");
        await SendAsync(static message => message.Payload = new Payload(), "payload");
        await SendAsync(static message => message.Payload.BlobHash = ByteString.CopyFrom(new byte[32]), "payload");
        await SendAsync(static message => message.Payload = new Payload { BlobHash = ByteString.CopyFrom(new byte[32]), BlobLength = 65UL << 20 }, "payload");
        await SendAsync(static message => message.Payload = new Payload { BlobHash = ByteString.CopyFrom(new byte[31]), BlobLength = 1 }, "payload.blob_hash");
        SendRequest large = group.Message((256 * 1024) + 1);
        await client.RefusedAsync(Methods.Send, large, RpcStatus.PayloadTooLarge, ErrorCodes.FrameTooLarge);
        await client.AskAsync(Methods.Send, group.Message(256 * 1024));

        async Task SendAsync(Action<SendRequest> spoil, string field)
        {
            SendRequest message = group.Message();
            spoil(message);
            RpcException refusal = await client.RefusedAsync(Methods.Send, message, RpcStatus.InvalidArgument, ErrorCodes.ArgumentInvalid);
            Assert.StartsWith(field, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static RpcMethod Method(string name) => Methods.All.Single(method => method.Name == name);

    private static void Check(ErrorDetail? error, RpcStatus status = RpcStatus.InvalidArgument)
    {
        if (status == RpcStatus.Ok)
        {
            return;
        }
        Assert.NotNull(error);
        Assert.Contains(error.Code, _codes);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A call with a payload of any bytes, as frames.md has it.</summary>
    private static async Task<(RpcStatus Status, ErrorDetail? Error)> CallAsync(RpcClient client, RpcMethod method, byte[] payload)
    {
        await using IRpcStream stream = await client.Connection.OpenStreamAsync(bidirectional: true, TestContext.Current.CancellationToken);
        byte[] frame = new byte[14 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, method.Number);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(2), 7);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(10), (uint)payload.Length);
        payload.CopyTo(frame.AsSpan(14));
        await stream.WriteAsync(frame, end: true, TestContext.Current.CancellationToken);
        var answer = new MemoryStream();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            await answer.WriteAsync(buffer.AsMemory(0, count), TestContext.Current.CancellationToken);
        }
        byte[] bytes = answer.ToArray();
        Assert.Equal(7U, BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)));
        Assert.Equal((uint)bytes.Length - 9, BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)));
        var status = (RpcStatus)bytes[0];
        return (status, status == RpcStatus.Ok ? null : ErrorDetail.Parser.ParseFrom(bytes.AsSpan(9)));
    }

    private static byte[] LengthDelimited(int field, byte[] bytes)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
        output.Flush();
        return stream.ToArray();
    }

    private static byte[] Varint(int field, ulong value)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteUInt64(value);
        output.Flush();
        return stream.ToArray();
    }
}
