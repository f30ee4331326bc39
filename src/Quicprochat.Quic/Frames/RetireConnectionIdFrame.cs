using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>RETIRE_CONNECTION_ID (RFC 9000 §19.16): <code>Type (i) = 0x19, Sequence Number (i)</code></summary>
internal readonly record struct RetireConnectionIdFrame(long SequenceNumber)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(SequenceNumber);

    public static bool TryRead(ref Reader reader, out RetireConnectionIdFrame frame)
    {
        bool isRead = reader.TryReadVarInt(out long sequenceNumber); // RFC 9000 §19.16
        frame = new RetireConnectionIdFrame(sequenceNumber);
        return isRead;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.RetireConnectionId);
        writer.WriteVarInt(SequenceNumber);
    }
}
