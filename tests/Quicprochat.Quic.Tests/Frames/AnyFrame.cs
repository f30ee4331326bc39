using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Frames;

/// <summary>Reads a frame of any type and writes it again, as a connection's switch over types would.</summary>
internal static class AnyFrame
{
    /// <summary>False when the type or the frame does not parse.</summary>
    public static bool TryCopy(ref Reader reader, ref Writer writer)
    {
        if (!FrameType.TryRead(ref reader, out long type, out _) || !FrameType.IsKnown(type))
        {
            return false;
        }
        switch (type)
        {
            case FrameType.Padding:
                int before = reader.Position;
                PaddingFrame.SkipRun(ref reader);
                PaddingFrame.Write(ref writer, 1 + reader.Position - before);
                return true;
            case FrameType.Ping:
                PingFrame.Write(ref writer);
                return true;
            case FrameType.HandshakeDone:
                HandshakeDoneFrame.Write(ref writer);
                return true;
            case FrameType.Ack or FrameType.AckEcn:
                return TryCopyAck(ref reader, ref writer, type);
            case FrameType.MaxStreamsBidi or FrameType.MaxStreamsUni:
                return MaxStreamsFrame.TryRead(ref reader, type, out MaxStreamsFrame maxStreams) && Wrote(ref writer, maxStreams.Write);
            case FrameType.StreamsBlockedBidi or FrameType.StreamsBlockedUni:
                return StreamsBlockedFrame.TryRead(ref reader, type, out StreamsBlockedFrame blocked) && Wrote(ref writer, blocked.Write);
            default:
                return FrameType.IsStream(type) || type is FrameType.Crypto or FrameType.NewToken or FrameType.ConnectionClose
                        or FrameType.ConnectionCloseApplication or FrameType.Datagram or FrameType.DatagramWithLength
                    ? TryCopyData(ref reader, ref writer, type)
                    : TryCopyFixed(ref reader, ref writer, type);
        }
    }

    private static bool TryCopyFixed(ref Reader reader, ref Writer writer, long type) => type switch
    {
        FrameType.ResetStream => ResetStreamFrame.TryRead(ref reader, out ResetStreamFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.StopSending => StopSendingFrame.TryRead(ref reader, out StopSendingFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.MaxData => MaxDataFrame.TryRead(ref reader, out MaxDataFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.MaxStreamData => MaxStreamDataFrame.TryRead(ref reader, out MaxStreamDataFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.DataBlocked => DataBlockedFrame.TryRead(ref reader, out DataBlockedFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.StreamDataBlocked => StreamDataBlockedFrame.TryRead(ref reader, out StreamDataBlockedFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.NewConnectionId => NewConnectionIdFrame.TryRead(ref reader, out NewConnectionIdFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.RetireConnectionId => RetireConnectionIdFrame.TryRead(ref reader, out RetireConnectionIdFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.PathChallenge => PathChallengeFrame.TryRead(ref reader, out PathChallengeFrame frame) && Wrote(ref writer, frame.Write),
        FrameType.PathResponse => PathResponseFrame.TryRead(ref reader, out PathResponseFrame frame) && Wrote(ref writer, frame.Write),
        _ => throw new InvalidOperationException($"Frame type {type} is known but not read."),
    };

    private static bool TryCopyData(ref Reader reader, ref Writer writer, long type)
    {
        switch (type)
        {
            case FrameType.Crypto:
                bool isCrypto = CryptoFrame.TryRead(ref reader, out CryptoFrame crypto);
                if (isCrypto)
                {
                    crypto.Write(ref writer);
                }
                return isCrypto;
            case FrameType.NewToken:
                bool isToken = NewTokenFrame.TryRead(ref reader, out NewTokenFrame token);
                if (isToken)
                {
                    token.Write(ref writer);
                }
                return isToken;
            case FrameType.ConnectionClose or FrameType.ConnectionCloseApplication:
                bool isClose = ConnectionCloseFrame.TryRead(ref reader, type, out ConnectionCloseFrame close);
                if (isClose)
                {
                    close.Write(ref writer);
                }
                return isClose;
            case FrameType.Datagram or FrameType.DatagramWithLength:
                bool isDatagram = DatagramFrame.TryRead(ref reader, type, out DatagramFrame datagram);
                if (isDatagram)
                {
                    datagram.Write(ref writer, type == FrameType.DatagramWithLength);
                }
                return isDatagram;
            default:
                bool isStream = StreamFrame.TryRead(ref reader, type, out StreamFrame stream);
                if (isStream)
                {
                    stream.Write(ref writer, (type & StreamFrame.LengthBit) != 0);
                }
                return isStream;
        }
    }

    private static bool TryCopyAck(ref Reader reader, ref Writer writer, long type)
    {
        if (!AckFrame.TryRead(ref reader, type, out AckFrame frame))
        {
            return false;
        }
        var ranges = new List<AckRange>();
        foreach (AckRange range in frame.Ranges)
        {
            ranges.Add(range);
        }
        Assert.Equal(frame.RangeCount, ranges.Count);
        Assert.Equal(frame.LargestAcknowledged, ranges[0].Largest);
        Assert.All(ranges, range => Assert.InRange(range.Smallest, 0, range.Largest));
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.True(pair.Second.Largest < pair.First.Smallest - 1));
        Assert.True(AckFrame.TryWrite(ref writer, ranges.ToArray(), frame.EncodedDelay, frame.Ecn, writer.Free));
        return true;
    }

    private delegate void WriteFrame(ref Writer writer);

    private static bool Wrote(ref Writer writer, WriteFrame write)
    {
        write(ref writer);
        return true;
    }
}
