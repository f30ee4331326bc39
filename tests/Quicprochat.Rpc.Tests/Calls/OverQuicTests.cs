namespace Quicprochat.Rpc.Tests.Calls;

public sealed class OverQuicTests() : RpcConnectionContract(quic: true);
