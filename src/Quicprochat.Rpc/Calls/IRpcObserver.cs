namespace Quicprochat.Rpc.Calls;

/// <summary>Told of calls as they begin and end, for metrics.</summary>
public interface IRpcObserver
{
    /// <summary>A request was read.</summary>
    void OnCallStarted(RpcMethod method);

    /// <summary>Its answer is known.</summary>
    void OnCallEnded(RpcMethod method, RpcStatus status, TimeSpan elapsed);
}
