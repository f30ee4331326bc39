using Google.Protobuf;

namespace Quicprochat.Rpc.Calls;

/// <summary>What is known of a method before anybody calls it. All of them are in <see cref="Methods"/>.</summary>
public abstract class RpcMethod
{
    private protected RpcMethod(ushort number, string name)
    {
        Number = number;
        Name = name;
    }

    /// <summary>The number in the frame.</summary>
    public ushort Number { get; }

    /// <summary>Room and verb: <c>delivery.send</c>.</summary>
    public string Name { get; }

    /// <summary>How long a call may take when the caller says nothing.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True when a second call with the same request does no harm, so that a client may retry it without asking.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>True when a connection may call it before it is authenticated.</summary>
    public bool IsOpen { get; init; }

    /// <summary>As <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}

/// <summary>A method with the types of its request and response.</summary>
public sealed class RpcMethod<TRequest, TResponse> : RpcMethod
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    internal RpcMethod(ushort number, string name, MessageParser<TRequest> request, MessageParser<TResponse> response)
        : base(number, name)
    {
        RequestParser = request;
        ResponseParser = response;
    }

    internal MessageParser<TRequest> RequestParser { get; }

    internal MessageParser<TResponse> ResponseParser { get; }
}
