namespace Quicprochat.Quic.Streams;

/// <summary>The offences a peer can commit against streams, and the codes RFC 9000 has for them.</summary>
internal static class StreamErrors
{
    public static TransportError FinalSizeChanged(long frameType) =>
        new(TransportErrorCode.FinalSizeError, frameType, "the final size of a stream was exceeded or changed");

    public static TransportError FinalSizeTooSmall(long frameType) =>
        new(TransportErrorCode.FinalSizeError, frameType, "the final size of a stream is below what was received on it");

    public static TransportError StreamLimitExceeded(long frameType) =>
        new(TransportErrorCode.FlowControlError, frameType, "more data on a stream than its limit allows");

    public static TransportError ConnectionLimitExceeded(long frameType) =>
        new(TransportErrorCode.FlowControlError, frameType, "more data than the connection's limit allows");

    public static TransportError TooManyStreams(long frameType) =>
        new(TransportErrorCode.StreamLimitError, frameType, "a stream beyond the number allowed");

    public static TransportError NotCreated(long frameType) =>
        new(TransportErrorCode.StreamStateError, frameType, "a frame for a stream that this end has not opened");

    public static TransportError SendOnly(long frameType) =>
        new(TransportErrorCode.StreamStateError, frameType, "a frame of a sender for a stream on which only this end sends");

    public static TransportError ReceiveOnly(long frameType) =>
        new(TransportErrorCode.StreamStateError, frameType, "a frame of a receiver for a stream on which only the peer sends");
}
