using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>STREAM_DATA_BLOCKED (RFC 9000 §19.13): <code>Type (i) = 0x15, Stream ID (i), Maximum Stream Data (i)</code></summary>
internal readonly record struct StreamDataBlockedFrame(StreamId StreamId, long MaximumStreamData)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(StreamId.Value) + VarInt.SizeOf(MaximumStreamData);

    public static bool TryRead(ref Reader reader, out StreamDataBlockedFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long id) || !reader.TryReadVarInt(out long maximum))
        {
            return false; // RFC 9000 §19.13
        }
        frame = new StreamDataBlockedFrame(new StreamId(id), maximum);
        return true;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.StreamDataBlocked);
        writer.WriteVarInt(StreamId.Value);
        writer.WriteVarInt(MaximumStreamData);
    }
}
