using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;

namespace Quicprochat.Server.Tests;

/// <summary>Waits for what must come, and looks at how calls end.</summary>
internal static class Patience
{
    public static TimeSpan Long { get; } = TimeSpan.FromSeconds(20);

    public static async Task<TResponse> AskAsync<TRequest, TResponse>(this RpcClient client, RpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => await client.CallAsync(method, request, TestContext.Current.CancellationToken);

    public static async Task<RpcException> RefusedAsync<TRequest, TResponse>(this RpcClient client, RpcMethod<TRequest, TResponse> method, TRequest request, RpcStatus status, string code)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.AskAsync(method, request));
        Assert.Equal((status, code), (refusal.Status, refusal.Code));
        Assert.True(refusal.Message.Length > 10 && refusal.Message.EndsWith('.'), refusal.Message);
        return refusal;
    }

    /// <summary>The code the server closed the connection with.</summary>
    public static async Task<CloseCode?> ClosedAsync(this RpcClient client)
    {
        await client.Connection.Closed.WaitAsync(Long);
        RpcConnectionException end = await Assert.ThrowsAsync<RpcConnectionException>(async () => await client.AskAsync(Methods.Health, new HealthRequest()));
        return end.PeerCode;
    }

    /// <summary>The next push of a kind; others are passed over.</summary>
    public static async Task<T> PushAsync<T>(this RpcClient client, RpcEvent<T> kind)
        where T : class, IMessage<T>
    {
        using var late = new CancellationTokenSource(Long);
        await foreach (RpcPush push in client.ReadPushesAsync(late.Token))
        {
            if (push.TryParse(kind, out T? message))
            {
                return message;
            }
        }
        throw new InvalidOperationException($"The connection ended before {kind}.");
    }

    /// <summary>So many envelopes from pushes.</summary>
    public static async Task<List<Envelope>> EnvelopesAsync(this RpcClient client, int count)
    {
        var envelopes = new List<Envelope>();
        while (envelopes.Count < count)
        {
            envelopes.AddRange((await client.PushAsync(Events.Envelopes)).Envelopes);
        }
        Assert.Equal(count, envelopes.Count);
        return envelopes;
    }
}
