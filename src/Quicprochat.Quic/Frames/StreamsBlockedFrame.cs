using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>STREAMS_BLOCKED (RFC 9000 §19.14): <code>Type (i) = 0x16..0x17, Maximum Streams (i)</code></summary>
internal readonly record struct StreamsBlockedFrame(StreamType StreamType, long MaximumStreams)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(MaximumStreams);

    public static bool TryRead(ref Reader reader, long type, out StreamsBlockedFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long maximum) || maximum > TransportParameters.MaxStreams)
        {
            return false; // RFC 9000 §19.14: above 2^60
        }
        frame = new StreamsBlockedFrame(type == FrameType.StreamsBlockedUni ? StreamType.Unidirectional : StreamType.Bidirectional, maximum);
        return true;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, StreamType == StreamType.Unidirectional ? FrameType.StreamsBlockedUni : FrameType.StreamsBlockedBidi);
        writer.WriteVarInt(MaximumStreams);
    }
}
