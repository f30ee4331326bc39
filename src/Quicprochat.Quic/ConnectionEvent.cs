namespace Quicprochat.Quic;

/// <summary>One thing that happened on a connection.</summary>
public readonly record struct ConnectionEvent(ConnectionEventKind Kind, StreamId Stream = default, long Code = 0);
