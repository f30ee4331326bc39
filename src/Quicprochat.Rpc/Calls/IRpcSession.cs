namespace Quicprochat.Rpc.Calls;

/// <summary>What a server knows of one connection.</summary>
public interface IRpcSession
{
    /// <summary>Whether the connection has proved which device it is; until then only open methods are answered.</summary>
    bool IsAuthenticated { get; }
}
