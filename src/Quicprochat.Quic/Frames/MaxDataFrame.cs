using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>MAX_DATA (RFC 9000 §19.9): <code>Type (i) = 0x10, Maximum Data (i)</code></summary>
internal readonly record struct MaxDataFrame(long MaximumData)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(MaximumData);

    public static bool TryRead(ref Reader reader, out MaxDataFrame frame)
    {
        bool isRead = reader.TryReadVarInt(out long maximum); // RFC 9000 §19.9
        frame = new MaxDataFrame(maximum);
        return isRead;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.MaxData);
        writer.WriteVarInt(MaximumData);
    }
}
