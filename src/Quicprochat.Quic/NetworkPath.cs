namespace Quicprochat.Quic;

/// <summary>The two addresses a datagram travels between. <see cref="Local"/> may be default where the host does not know it.</summary>
public readonly record struct NetworkPath(Address Local, Address Remote);
