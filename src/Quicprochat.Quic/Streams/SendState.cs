namespace Quicprochat.Quic.Streams;

/// <summary>States of the sending part of a stream (RFC 9000 §3.1).</summary>
internal enum SendState
{
    Ready,
    Send,
    DataSent,
    ResetSent,
    DataRecvd,
    ResetRecvd,
}
