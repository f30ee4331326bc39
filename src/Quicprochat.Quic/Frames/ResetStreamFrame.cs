using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>RESET_STREAM (RFC 9000 §19.4): <code>Type (i) = 0x04, Stream ID (i), Application Protocol Error Code (i), Final Size (i)</code></summary>
internal readonly record struct ResetStreamFrame(StreamId StreamId, long ErrorCode, long FinalSize)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(StreamId.Value) + VarInt.SizeOf(ErrorCode) + VarInt.SizeOf(FinalSize);

    public static bool TryRead(ref Reader reader, out ResetStreamFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long id) || !reader.TryReadVarInt(out long code) || !reader.TryReadVarInt(out long finalSize))
        {
            return false; // RFC 9000 §19.4
        }
        frame = new ResetStreamFrame(new StreamId(id), code, finalSize);
        return true;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.ResetStream);
        writer.WriteVarInt(StreamId.Value);
        writer.WriteVarInt(ErrorCode);
        writer.WriteVarInt(FinalSize);
    }
}
