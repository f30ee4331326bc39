namespace Quicprochat.Transport;

/// <summary>Whether both ends may send on a stream (RFC 9000 §2.1).</summary>
public enum QuicStreamType
{
    /// <summary>Only the end that opened it writes, only the other one reads.</summary>
    Unidirectional,

    /// <summary>Both ends read and write.</summary>
    Bidirectional,
}
