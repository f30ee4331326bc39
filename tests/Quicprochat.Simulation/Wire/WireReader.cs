namespace Quicprochat.Simulation.Wire;

/// <summary>Reads frames off the wire for observers and scripted peers. What does not parse is a failure of the test: our own ends wrote it.</summary>
internal sealed class WireReader(ReadOnlyMemory<byte> payload)
{
    private int _position;

    /// <summary>All frames of a packet (RFC 9000 §19).</summary>
    public static List<WireFrame> ReadFrames(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload.ToArray());
        var frames = new List<WireFrame>();
        while (reader._position < reader.Length)
        {
            frames.Add(reader.ReadFrame());
        }
        return frames;
    }

    /// <summary>The frames of a packet that may be forged: up to the first that does not parse, for which <see cref="WireFrame.Malformed"/> stands.</summary>
    public static List<WireFrame> ReadForgedFrames(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload.ToArray());
        var frames = new List<WireFrame>();
        while (reader._position < reader.Length)
        {
            try
            {
                frames.Add(reader.ReadFrame());
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or Xunit.Sdk.XunitException)
            {
                frames.Add(new WireFrame(WireFrame.Malformed));
                break;
            }
        }
        return frames;
    }

    /// <summary>Bytes read so far.</summary>
    public int Position => _position;

    private int Length => payload.Length;

    /// <summary>A variable-length integer (RFC 9000 §16).</summary>
    public long VarInt()
    {
        ReadOnlySpan<byte> rest = payload.Span[_position..];
        int size = 1 << (rest[0] >> 6);
        long value = rest[0] & 0x3f;
        for (int i = 1; i < size; i++)
        {
            value = (value << 8) | rest[i];
        }
        _position += size;
        return value;
    }

    private ReadOnlyMemory<byte> Bytes(long count)
    {
        ReadOnlyMemory<byte> bytes = payload.Slice(_position, checked((int)count));
        _position += (int)count;
        return bytes;
    }

    private WireFrame ReadFrame()
    {
        long type = VarInt();
        var frame = new WireFrame(type);
        switch (type)
        {
            case WireFrame.Padding:
                int start = _position - 1;
                while (_position < Length && payload.Span[_position] == 0)
                {
                    _position++;
                }
                return frame with { Count = _position - start };
            case WireFrame.Ping or WireFrame.HandshakeDone:
                return frame;
            case WireFrame.Ack or WireFrame.AckEcn:
                return ReadAck(frame);
            case WireFrame.ResetStream:
                return frame with { StreamId = VarInt(), Code = VarInt(), Value = VarInt() };
            case WireFrame.StopSending:
                return frame with { StreamId = VarInt(), Code = VarInt() };
            case WireFrame.Crypto:
                return frame with { Value = VarInt(), Data = Bytes(VarInt()) };
            case WireFrame.NewToken:
                return frame with { Data = Bytes(VarInt()) };
            case >= WireFrame.Stream and <= WireFrame.StreamLast:
                return ReadStream(frame);
            case WireFrame.MaxStreamData or WireFrame.StreamDataBlocked:
                return frame with { StreamId = VarInt(), Value = VarInt() };
            case WireFrame.MaxData or WireFrame.DataBlocked or WireFrame.RetireConnectionId:
            case WireFrame.MaxStreamsBidi or WireFrame.MaxStreamsUni or WireFrame.StreamsBlockedBidi or WireFrame.StreamsBlockedUni:
                return frame with { Value = VarInt() };
            case WireFrame.NewConnectionId:
                return frame with { Value = VarInt(), RetirePriorTo = VarInt(), Data = Bytes(Bytes(1).Span[0]), ResetToken = Bytes(16) };
            case WireFrame.PathChallenge or WireFrame.PathResponse:
                return frame with { Data = Bytes(8) };
            case WireFrame.TransportClose:
                return frame with { Code = VarInt(), Blamed = VarInt(), Data = Bytes(VarInt()) };
            case WireFrame.ApplicationClose:
                return frame with { Code = VarInt(), Data = Bytes(VarInt()) };
            case WireFrame.Datagram:
                return frame with { Data = Bytes(Length - _position) };
            case WireFrame.DatagramWithLength:
                return frame with { Data = Bytes(VarInt()) };
            default:
                throw new InvalidOperationException($"There is no frame of type 0x{type:x}.");
        }
    }

    /// <summary>ACK Delay is passed over; gaps and lengths become ranges (RFC 9000 §19.3.1).</summary>
    private WireFrame ReadAck(WireFrame frame)
    {
        long last = VarInt();
        VarInt();
        long count = VarInt();
        long first = last - VarInt();
        var ranges = new List<(long, long)> { (first, last) };
        for (long i = 0; i < count; i++)
        {
            last = first - VarInt() - 2;
            first = last - VarInt();
            Assert.True(first >= 0, "An ACK runs below packet number 0.");
            ranges.Add((first, last));
        }
        return frame with
        {
            AckRanges = ranges,
            EcnCounts = frame.Type == WireFrame.AckEcn ? (VarInt(), VarInt(), VarInt()) : default,
        };
    }

    /// <summary>The bits OFF 0x04, LEN 0x02 and FIN 0x01 of the type (RFC 9000 §19.8).</summary>
    private WireFrame ReadStream(WireFrame frame) => frame with
    {
        StreamId = VarInt(),
        Value = (frame.Type & 0x04) != 0 ? VarInt() : 0,
        Data = Bytes((frame.Type & 0x02) != 0 ? VarInt() : Length - _position),
        Fin = (frame.Type & 0x01) != 0,
    };
}
