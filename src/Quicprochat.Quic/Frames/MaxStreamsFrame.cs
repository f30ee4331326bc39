using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>MAX_STREAMS (RFC 9000 §19.11): <code>Type (i) = 0x12..0x13, Maximum Streams (i)</code></summary>
internal readonly record struct MaxStreamsFrame(StreamType StreamType, long MaximumStreams)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(MaximumStreams);

    public static bool TryRead(ref Reader reader, long type, out MaxStreamsFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long maximum) || maximum > TransportParameters.MaxStreams)
        {
            return false; // RFC 9000 §19.11: above 2^60
        }
        frame = new MaxStreamsFrame(type == FrameType.MaxStreamsUni ? StreamType.Unidirectional : StreamType.Bidirectional, maximum);
        return true;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, StreamType == StreamType.Unidirectional ? FrameType.MaxStreamsUni : FrameType.MaxStreamsBidi);
        writer.WriteVarInt(MaximumStreams);
    }
}
