using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

/// <summary>Writes ACK frames as a peer would and gives them to a detector.</summary>
internal static class Acks
{
    public static byte[] Bytes(params AckRange[] descending)
    {
        byte[] buffer = new byte[1200];
        var writer = new Writer(buffer);
        Assert.True(AckFrame.TryWrite(ref writer, descending, 0, null, buffer.Length));
        return writer.Written.ToArray();
    }

    public static TransportError? Acknowledge(this LossDetector detector, AckOutcome outcome, params AckRange[] descending)
    {
        var reader = new Reader(Bytes(descending));
        Assert.True(FrameType.TryRead(ref reader, out long type, out _));
        Assert.True(AckFrame.TryRead(ref reader, type, out AckFrame frame));
        return detector.Acknowledge(frame, outcome);
    }

    public static AckRange One(long number) => new(number, number);
}
