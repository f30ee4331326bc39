namespace Quicprochat.Rpc.Connections;

/// <summary>The peer gave the stream up.</summary>
public sealed class RpcStreamAbortedException(long code) : Exception($"The peer gave the stream up with code {code}.")
{
    /// <summary>A <see cref="StreamCode"/>, when the peer keeps to the protocol.</summary>
    public long Code => code;
}
