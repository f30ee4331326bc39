namespace Quicprochat.Rpc.Tests.Calls;

public sealed class OverMemoryTests() : RpcConnectionContract(quic: false);
