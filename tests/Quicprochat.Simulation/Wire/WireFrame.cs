namespace Quicprochat.Simulation.Wire;

/// <summary>
/// A frame as an observer reads it from the wire, by code of its own: a mistake that our reader and our writer share would show here.
/// </summary>
internal sealed record WireFrame(long Type)
{
    /// <summary>Not a type: stands for bytes that are no frame.</summary>
    public const long Malformed = -1;

    public const long Padding = 0x00;
    public const long Ping = 0x01;
    public const long Ack = 0x02;
    public const long AckEcn = 0x03;
    public const long ResetStream = 0x04;
    public const long StopSending = 0x05;
    public const long Crypto = 0x06;
    public const long NewToken = 0x07;
    public const long Stream = 0x08;
    public const long StreamLast = 0x0f;
    public const long MaxData = 0x10;
    public const long MaxStreamData = 0x11;
    public const long MaxStreamsBidi = 0x12;
    public const long MaxStreamsUni = 0x13;
    public const long DataBlocked = 0x14;
    public const long StreamDataBlocked = 0x15;
    public const long StreamsBlockedBidi = 0x16;
    public const long StreamsBlockedUni = 0x17;
    public const long NewConnectionId = 0x18;
    public const long RetireConnectionId = 0x19;
    public const long PathChallenge = 0x1a;
    public const long PathResponse = 0x1b;
    public const long TransportClose = 0x1c;
    public const long ApplicationClose = 0x1d;
    public const long HandshakeDone = 0x1e;
    public const long Datagram = 0x30;
    public const long DatagramWithLength = 0x31;

    /// <summary>The stream, of frames that name one.</summary>
    public long StreamId { get; init; } = -1;

    /// <summary>Offset of CRYPTO and STREAM; the one number of frames that have one (a limit, a sequence number); the final size of RESET_STREAM.</summary>
    public long Value { get; init; }

    /// <summary>An error code.</summary>
    public long Code { get; init; }

    /// <summary>The frame type that CONNECTION_CLOSE 0x1c blames.</summary>
    public long Blamed { get; init; }

    public bool Fin { get; init; }

    /// <summary>CRYPTO, STREAM and DATAGRAM data, a token, a connection id, path data, a reason phrase.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The reset token of NEW_CONNECTION_ID.</summary>
    public ReadOnlyMemory<byte> ResetToken { get; init; }

    /// <summary>Retire Prior To of NEW_CONNECTION_ID.</summary>
    public long RetirePriorTo { get; init; }

    /// <summary>The packet numbers an ACK acknowledges, largest first.</summary>
    public IReadOnlyList<(long First, long Last)> AckRanges { get; init; } = [];

    /// <summary>ECT(0), ECT(1) and CE counts of an ACK of type 0x03.</summary>
    public (long Ect0, long Ect1, long Ce) EcnCounts { get; init; }

    /// <summary>How many bytes of PADDING.</summary>
    public int Count { get; init; } = 1;

    public bool IsStream => Type is >= Stream and <= StreamLast;

    public bool IsAck => Type is Ack or AckEcn;

    public bool IsClose => Type is TransportClose or ApplicationClose;

    /// <summary>True when it must be acknowledged (RFC 9000 §13.2).</summary>
    public bool IsAckEliciting => !IsAck && !IsClose && Type != Padding;

    /// <summary>True for the four that do not move a path (RFC 9000 §9.1).</summary>
    public bool IsProbing => Type is Padding or NewConnectionId or PathChallenge or PathResponse;

    public bool Acknowledges(long packetNumber) => AckRanges.Any(r => r.First <= packetNumber && packetNumber <= r.Last);

    public override string ToString() => Type switch
    {
        Padding => $"PADDING*{Count}",
        Ping => "PING",
        Ack or AckEcn => $"ACK{(Type == AckEcn ? $"[{EcnCounts.Ect0},{EcnCounts.Ect1},{EcnCounts.Ce}]" : "")} {string.Join(',', AckRanges.Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}-{r.Last}"))}",
        ResetStream => $"RESET_STREAM {StreamId} code={Code} size={Value}",
        StopSending => $"STOP_SENDING {StreamId} code={Code}",
        Crypto => $"CRYPTO {Value}+{Data.Length}",
        NewToken => $"NEW_TOKEN {Data.Length}",
        >= Stream and <= StreamLast => $"STREAM {StreamId} {Value}+{Data.Length}{(Fin ? " FIN" : "")}",
        MaxData => $"MAX_DATA {Value}",
        MaxStreamData => $"MAX_STREAM_DATA {StreamId} {Value}",
        MaxStreamsBidi or MaxStreamsUni => $"MAX_STREAMS {(Type == MaxStreamsBidi ? "bidi" : "uni")} {Value}",
        DataBlocked => $"DATA_BLOCKED {Value}",
        StreamDataBlocked => $"STREAM_DATA_BLOCKED {StreamId} {Value}",
        StreamsBlockedBidi or StreamsBlockedUni => $"STREAMS_BLOCKED {(Type == StreamsBlockedBidi ? "bidi" : "uni")} {Value}",
        NewConnectionId => $"NEW_CONNECTION_ID {Value} {Convert.ToHexStringLower(Data.Span)} retire<{RetirePriorTo}",
        RetireConnectionId => $"RETIRE_CONNECTION_ID {Value}",
        PathChallenge => $"PATH_CHALLENGE {Convert.ToHexStringLower(Data.Span)}",
        PathResponse => $"PATH_RESPONSE {Convert.ToHexStringLower(Data.Span)}",
        TransportClose => $"CONNECTION_CLOSE 0x{Code:x} by 0x{Blamed:x} '{System.Text.Encoding.UTF8.GetString(Data.Span)}'",
        ApplicationClose => $"CONNECTION_CLOSE app {Code} '{System.Text.Encoding.UTF8.GetString(Data.Span)}'",
        HandshakeDone => "HANDSHAKE_DONE",
        Datagram or DatagramWithLength => $"DATAGRAM {Data.Length}",
        _ => "malformed",
    };
}
