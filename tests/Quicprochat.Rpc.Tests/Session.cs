using Quicprochat.Rpc.Calls;

namespace Quicprochat.Rpc.Tests;

internal sealed class Session : IRpcSession
{
    public bool IsAuthenticated { get; set; } = true;
}
