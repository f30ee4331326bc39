using Quicprochat.Transport;

namespace Quicprochat.Sdk.Load;

/// <summary>The server that is measured.</summary>
internal sealed record LoadTarget(ServerAddress Address, string Name, string? Invite, QuicEndpoint Endpoint);
