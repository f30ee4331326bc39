using Google.Protobuf;

namespace Quicprochat.Rpc.Calls;

/// <summary>Answers one method. Throw <see cref="RpcException"/> for every status other than Ok; the token ends with the deadline, the caller's giving up, or the connection.</summary>
public delegate ValueTask<TResponse> RpcHandler<in TSession, in TRequest, TResponse>(TSession session, TRequest request, CancellationToken cancellationToken)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>;
