using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>All of a STREAM frame but its data, which a sender copies straight from its buffer into the packet (RFC 9000 §19.8).</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Offset">Where the data begins; the field is left out when 0.</param>
/// <param name="Length">Bytes of data.</param>
/// <param name="Fin">True when the stream ends with this data.</param>
/// <param name="HasLength">False when the data takes the rest of the packet, which saves the length.</param>
internal readonly record struct StreamFrameHeader(StreamId StreamId, long Offset, int Length, bool Fin, bool HasLength)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => SizeOf(StreamId, Offset) + (HasLength ? VarInt.SizeOf(Length) : 0);

    /// <summary>The most data whose frame, with a length, fits into <paramref name="free"/> bytes; negative or 0 when none does.</summary>
    public static int DataCapacity(StreamId id, long offset, int free) => LengthPrefix.Capacity(free - SizeOf(id, offset));

    /// <summary>The same for a frame without a length, the last of its packet.</summary>
    public static int DataCapacityToEnd(StreamId id, long offset, int free) => free - SizeOf(id, offset);

    public void Write(ref Writer writer)
    {
        long type = FrameType.Stream
            | (Offset != 0 ? StreamFrame.OffsetBit : 0)
            | (HasLength ? StreamFrame.LengthBit : 0)
            | (Fin ? StreamFrame.FinBit : 0);
        FrameType.Write(ref writer, type);
        writer.WriteVarInt(StreamId.Value);
        if (Offset != 0)
        {
            writer.WriteVarInt(Offset);
        }
        if (HasLength)
        {
            writer.WriteVarInt(Length);
        }
    }

    private static int SizeOf(StreamId id, long offset) => 1 + VarInt.SizeOf(id.Value) + (offset == 0 ? 0 : VarInt.SizeOf(offset));
}
