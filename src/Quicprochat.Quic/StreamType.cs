namespace Quicprochat.Quic;

/// <summary>Whether both ends may send on a stream (RFC 9000 §2.1).</summary>
public enum StreamType
{
    /// <summary>Both ends send.</summary>
    Bidirectional,

    /// <summary>Only the end that opened it sends.</summary>
    Unidirectional,
}
