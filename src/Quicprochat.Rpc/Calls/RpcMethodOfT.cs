using Google.Protobuf;

namespace Quicprochat.Rpc.Calls;

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
