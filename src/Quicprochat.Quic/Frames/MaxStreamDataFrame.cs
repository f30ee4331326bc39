using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>MAX_STREAM_DATA (RFC 9000 §19.10): <code>Type (i) = 0x11, Stream ID (i), Maximum Stream Data (i)</code></summary>
internal readonly record struct MaxStreamDataFrame(StreamId StreamId, long MaximumStreamData)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(StreamId.Value) + VarInt.SizeOf(MaximumStreamData);

    public static bool TryRead(ref Reader reader, out MaxStreamDataFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long id) || !reader.TryReadVarInt(out long maximum))
        {
            return false; // RFC 9000 §19.10
        }
        frame = new MaxStreamDataFrame(new StreamId(id), maximum);
        return true;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.MaxStreamData);
        writer.WriteVarInt(StreamId.Value);
        writer.WriteVarInt(MaximumStreamData);
    }
}
