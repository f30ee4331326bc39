using Quicprochat.Rpc.Calls;

namespace Quicprochat.Server.Services;

/// <summary>A small push, and how it is made.</summary>
internal delegate ValueTask Notice(RpcServerConnection<ClientSession> to, CancellationToken cancellationToken);
