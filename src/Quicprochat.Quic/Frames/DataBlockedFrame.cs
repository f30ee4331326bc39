using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>DATA_BLOCKED (RFC 9000 §19.12): <code>Type (i) = 0x14, Maximum Data (i)</code></summary>
internal readonly record struct DataBlockedFrame(long MaximumData)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(MaximumData);

    public static bool TryRead(ref Reader reader, out DataBlockedFrame frame)
    {
        bool isRead = reader.TryReadVarInt(out long maximum); // RFC 9000 §19.12
        frame = new DataBlockedFrame(maximum);
        return isRead;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.DataBlocked);
        writer.WriteVarInt(MaximumData);
    }
}
