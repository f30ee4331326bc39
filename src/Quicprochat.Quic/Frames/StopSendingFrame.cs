using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>STOP_SENDING (RFC 9000 §19.5): <code>Type (i) = 0x05, Stream ID (i), Application Protocol Error Code (i)</code></summary>
internal readonly record struct StopSendingFrame(StreamId StreamId, long ErrorCode)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(StreamId.Value) + VarInt.SizeOf(ErrorCode);

    public static bool TryRead(ref Reader reader, out StopSendingFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long id) || !reader.TryReadVarInt(out long code))
        {
            return false; // RFC 9000 §19.5
        }
        frame = new StopSendingFrame(new StreamId(id), code);
        return true;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.StopSending);
        writer.WriteVarInt(StreamId.Value);
        writer.WriteVarInt(ErrorCode);
    }
}
