using Quicprochat.Rpc.Connections;

namespace Quicprochat.Sdk.Session;

/// <summary>Makes a connection: over QUIC, or, in tests, to a server in the same process.</summary>
/// <param name="address">Where.</param>
/// <param name="pin">SHA-256 of the server's SubjectPublicKeyInfo; null where its certificate must validate.</param>
/// <param name="cancellationToken">Gives up.</param>
internal delegate ValueTask<IRpcConnection> ServerDialer(ServerAddress address, ReadOnlyMemory<byte>? pin, CancellationToken cancellationToken);
