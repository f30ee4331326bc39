using Google.Protobuf;

namespace Quicprochat.Rpc.Calls;

/// <summary>A method and its handler, without their types.</summary>
internal abstract class RegisteredMethod<TSession>
{
    public abstract RpcMethod Method { get; }

    /// <exception cref="RpcException">The payload does not parse, or the handler says so.</exception>
    public abstract ValueTask<IMessage> InvokeAsync(TSession session, ReadOnlySpan<byte> payload, CancellationToken cancellationToken);
}

/// <summary>A method and its handler.</summary>
internal sealed class RegisteredMethod<TSession, TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, RpcHandler<TSession, TRequest, TResponse> handler) : RegisteredMethod<TSession>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    public override RpcMethod Method => method;

    public override ValueTask<IMessage> InvokeAsync(TSession session, ReadOnlySpan<byte> payload, CancellationToken cancellationToken)
    {
        TRequest request;
        try
        {
            request = method.RequestParser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new RpcException(RpcStatus.InvalidArgument, ErrorCodes.FrameMalformed, $"The payload is no request of {method}.");
        }
        return AwaitAsync(handler(session, request, cancellationToken));
    }

    private static async ValueTask<IMessage> AwaitAsync(ValueTask<TResponse> response) => await response;
}
