using System.Collections.Frozen;
using Google.Protobuf;

namespace Quicprochat.Rpc.Calls;

/// <summary>Which handler answers which method. Adding one is one line.</summary>
/// <typeparam name="TSession">What the server knows of a connection.</typeparam>
public sealed class RpcRegistry<TSession>
    where TSession : IRpcSession
{
    private readonly Dictionary<ushort, RegisteredMethod<TSession>> _methods = [];
    private FrozenDictionary<ushort, RegisteredMethod<TSession>>? _frozen;

    /// <summary>The methods that have a handler, by number.</summary>
    public IEnumerable<RpcMethod> Methods => _methods.Values.Select(static entry => entry.Method).OrderBy(static method => method.Number);

    /// <summary>Adds a handler.</summary>
    /// <exception cref="ArgumentException">The method has one.</exception>
    public RpcRegistry<TSession> Add<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, RpcHandler<TSession, TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        _frozen = null;
        _methods.Add(method.Number, new RegisteredMethod<TSession, TRequest, TResponse>(method, handler));
        return this;
    }

    /// <summary>For lookups; the same for all connections.</summary>
    internal FrozenDictionary<ushort, RegisteredMethod<TSession>> Freeze() => _frozen ??= _methods.ToFrozenDictionary();
}
