namespace Quicprochat.Quic.Streams;

/// <summary>States of the receiving part of a stream (RFC 9000 §3.2).</summary>
internal enum ReceiveState
{
    Recv,
    SizeKnown,
    DataRecvd,
    ResetRecvd,
    DataRead,
    ResetRead,
}
