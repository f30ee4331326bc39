using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Operations;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>
/// The payload of a packet. What our readers accept, the observer's reader must accept as the same frames; and it must come out the same when it is written and read again.
/// </summary>
internal sealed class FramesTarget : IFuzzTarget
{
    public string Name => "frames";

    public IReadOnlyList<byte[]> Corpus => RecordedHandshake.Payloads;

    public byte[] Generate(SeededRandom random) => FrameGenerator.Payload(random);

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] written = new byte[(input.Length * 8) + 64];
        if (!TryCopy(input, written, out int count, out int length))
        {
            return;
        }
        List<WireFrame> observed = WireReader.ReadForgedFrames(input);
        Assert.DoesNotContain(observed, f => f.Type == WireFrame.Malformed);
        Assert.Equal(observed.Count, count);

        byte[] again = new byte[written.Length];
        Assert.True(TryCopy(written.AsSpan(0, length), again, out int countAgain, out int lengthAgain), "What was written cannot be read.");
        Assert.Equal(count, countAgain);
        Assert.Equal(Convert.ToHexString(written.AsSpan(0, length)), Convert.ToHexString(again.AsSpan(0, lengthAgain)));
        Assert.Equal(
            observed.Select(f => f.ToString()),
            WireReader.ReadForgedFrames(written.AsSpan(0, length)).Select(f => f.ToString()));
    }

    /// <summary>Reads frames and writes each of them again. False where one does not parse.</summary>
    private static bool TryCopy(ReadOnlySpan<byte> input, Span<byte> destination, out int count, out int length)
    {
        count = 0;
        length = 0;
        var reader = new Reader(input);
        var writer = new Writer(destination);
        while (!reader.IsAtEnd)
        {
            if (!FrameType.TryRead(ref reader, out long type, out bool isMinimal) || !isMinimal || !FrameType.IsKnown(type) || !TryCopyFrame(ref reader, type, ref writer))
            {
                return false;
            }
            count++;
        }
        length = writer.Position;
        return true;
    }

    private static bool TryCopyFrame(ref Reader reader, long type, ref Writer writer)
    {
        switch (type)
        {
            case FrameType.Padding:
                int start = reader.Position;
                PaddingFrame.SkipRun(ref reader);
                PaddingFrame.Write(ref writer, 1 + reader.Position - start);
                return true;
            case FrameType.Ping:
                PingFrame.Write(ref writer);
                return true;
            case FrameType.HandshakeDone:
                HandshakeDoneFrame.Write(ref writer);
                return true;
            case FrameType.Ack or FrameType.AckEcn:
                return TryCopyAck(ref reader, type, ref writer);
            case FrameType.ResetStream when ResetStreamFrame.TryRead(ref reader, out ResetStreamFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.StopSending when StopSendingFrame.TryRead(ref reader, out StopSendingFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.Crypto when CryptoFrame.TryRead(ref reader, out CryptoFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.NewToken when NewTokenFrame.TryRead(ref reader, out NewTokenFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.MaxData when MaxDataFrame.TryRead(ref reader, out MaxDataFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.MaxStreamData when MaxStreamDataFrame.TryRead(ref reader, out MaxStreamDataFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.MaxStreamsBidi or FrameType.MaxStreamsUni when MaxStreamsFrame.TryRead(ref reader, type, out MaxStreamsFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.DataBlocked when DataBlockedFrame.TryRead(ref reader, out DataBlockedFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.StreamDataBlocked when StreamDataBlockedFrame.TryRead(ref reader, out StreamDataBlockedFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.StreamsBlockedBidi or FrameType.StreamsBlockedUni when StreamsBlockedFrame.TryRead(ref reader, type, out StreamsBlockedFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.NewConnectionId when NewConnectionIdFrame.TryRead(ref reader, out NewConnectionIdFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.RetireConnectionId when RetireConnectionIdFrame.TryRead(ref reader, out RetireConnectionIdFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.PathChallenge when PathChallengeFrame.TryRead(ref reader, out PathChallengeFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.PathResponse when PathResponseFrame.TryRead(ref reader, out PathResponseFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.ConnectionClose or FrameType.ConnectionCloseApplication when ConnectionCloseFrame.TryRead(ref reader, type, out ConnectionCloseFrame frame):
                frame.Write(ref writer);
                return true;
            case FrameType.Datagram or FrameType.DatagramWithLength when DatagramFrame.TryRead(ref reader, type, out DatagramFrame frame):
                frame.Write(ref writer, hasLength: true);
                return true;
            default:
                return TryCopyStream(ref reader, type, ref writer);
        }
    }

    private static bool TryCopyStream(ref Reader reader, long type, ref Writer writer)
    {
        if (!FrameType.IsStream(type) || !StreamFrame.TryRead(ref reader, type, out StreamFrame frame))
        {
            return false;
        }
        frame.Write(ref writer, hasLength: true);
        return true;
    }

    private static bool TryCopyAck(ref Reader reader, long type, ref Writer writer)
    {
        if (!AckFrame.TryRead(ref reader, type, out AckFrame frame))
        {
            return false;
        }
        var ranges = new List<AckRange>();
        foreach (AckRange range in frame.Ranges)
        {
            Assert.InRange(range.Smallest, 0, range.Largest);
            Assert.True(ranges.Count == 0 || range.Largest < ranges[^1].Smallest - 1, "Ranges touch.");
            ranges.Add(range);
        }
        Assert.Equal(frame.LargestAcknowledged, ranges[0].Largest);
        Assert.True(AckFrame.TryWrite(ref writer, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ranges), frame.EncodedDelay, frame.Ecn, writer.Free));
        return true;
    }
}
