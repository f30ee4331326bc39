namespace Quicprochat.Rpc.Connections;

/// <summary>A QUIC connection as calls and pushes see it.</summary>
public sealed class QuicRpcConnection
{
}
