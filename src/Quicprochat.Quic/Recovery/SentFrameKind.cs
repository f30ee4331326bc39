namespace Quicprochat.Quic.Recovery;

/// <summary>What a sent packet carried, as far as its loss or acknowledgement matters (RFC 9000 §13.3).</summary>
internal enum SentFrameKind : byte
{
    /// <summary>Nothing to repair.</summary>
    Ping,

    /// <summary>Id is the largest packet number acknowledged by it: received ranges up to there can be forgotten once it is acknowledged.</summary>
    Ack,

    /// <summary>Offset and Length of handshake bytes.</summary>
    Crypto,

    /// <summary>Id is the stream; Offset, Length and Fin say what part.</summary>
    Stream,

    /// <summary>Id is the stream.</summary>
    ResetStream,

    /// <summary>Id is the stream.</summary>
    StopSending,

    /// <summary>Offset is the limit.</summary>
    MaxData,

    /// <summary>Id is the stream, Offset the limit.</summary>
    MaxStreamData,

    /// <summary>Offset is the limit.</summary>
    MaxStreamsBidi,

    /// <summary>Offset is the limit.</summary>
    MaxStreamsUni,

    /// <summary>Offset is the limit.</summary>
    DataBlocked,

    /// <summary>Id is the stream, Offset the limit.</summary>
    StreamDataBlocked,

    /// <summary>Offset is the limit.</summary>
    StreamsBlockedBidi,

    /// <summary>Offset is the limit.</summary>
    StreamsBlockedUni,

    /// <summary>Id is the sequence number.</summary>
    NewConnectionId,

    /// <summary>Id is the sequence number.</summary>
    RetireConnectionId,

    /// <summary>No fields.</summary>
    HandshakeDone,

    /// <summary>Id is the connection's own number for the token.</summary>
    NewToken,

    /// <summary>Id is the connection's own number for the challenge.</summary>
    PathChallenge,

    /// <summary>Sent just once, never repaired.</summary>
    PathResponse,

    /// <summary>Never repaired (RFC 9221 §5.2).</summary>
    Datagram,
}
