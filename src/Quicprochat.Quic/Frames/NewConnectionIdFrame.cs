using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>
/// NEW_CONNECTION_ID (RFC 9000 §19.15):
/// <code>
/// Type (i) = 0x18, Sequence Number (i), Retire Prior To (i), Length (8), Connection ID (8..160), Stateless Reset Token (128)
/// </code>
/// </summary>
internal readonly record struct NewConnectionIdFrame(long SequenceNumber, long RetirePriorTo, ConnectionId ConnectionId, StatelessResetToken ResetToken)
{
    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(SequenceNumber) + VarInt.SizeOf(RetirePriorTo) + 1 + ConnectionId.Length + StatelessResetToken.Size;

    public static bool TryRead(ref Reader reader, out NewConnectionIdFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long sequenceNumber) || !reader.TryReadVarInt(out long retirePriorTo)
            || !reader.TryReadByte(out byte length))
        {
            return false; // RFC 9000 §19.15
        }
        if (retirePriorTo > sequenceNumber || length is 0 or > ConnectionId.MaxLength)
        {
            return false; // RFC 9000 §19.15
        }
        if (!reader.TryReadConnectionId(length, out ConnectionId id) || !reader.TryReadResetToken(out StatelessResetToken token))
        {
            return false; // RFC 9000 §19.15
        }
        frame = new NewConnectionIdFrame(sequenceNumber, retirePriorTo, id, token);
        return true;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.NewConnectionId);
        writer.WriteVarInt(SequenceNumber);
        writer.WriteVarInt(RetirePriorTo);
        writer.WriteByte((byte)ConnectionId.Length);
        writer.WriteConnectionId(ConnectionId);
        writer.WriteResetToken(ResetToken);
    }
}
