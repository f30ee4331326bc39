using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>
/// CONNECTION_CLOSE (RFC 9000 §19.19):
/// <code>Type (i) = 0x1c..0x1d, Error Code (i), [Frame Type (i)], Reason Phrase Length (i), Reason Phrase (..)</code>
/// </summary>
internal readonly ref struct ConnectionCloseFrame
{
    private ConnectionCloseFrame(bool isApplication, long errorCode, long frameType, ReadOnlySpan<byte> reason)
    {
        IsApplication = isApplication;
        ErrorCode = errorCode;
        OffendingFrameType = frameType;
        Reason = reason;
    }

    /// <summary>True for type 0x1d: the code is the application's.</summary>
    public bool IsApplication { get; }

    /// <summary>A <see cref="TransportErrorCode"/> or an application's code.</summary>
    public long ErrorCode { get; }

    /// <summary>The type of the frame at fault, 0 when unknown or the application's close.</summary>
    public long OffendingFrameType { get; }

    /// <summary>Text that should be UTF-8 but need not be.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    /// <summary>Encoded bytes.</summary>
    public int Size =>
        1 + VarInt.SizeOf(ErrorCode) + (IsApplication ? 0 : VarInt.SizeOf(OffendingFrameType)) + VarInt.SizeOf(Reason.Length) + Reason.Length;

    /// <summary>Type 0x1c: of QUIC itself.</summary>
    public static ConnectionCloseFrame Transport(TransportErrorCode code, long offendingFrameType, ReadOnlySpan<byte> reason) =>
        new(isApplication: false, (long)code, offendingFrameType, reason);

    /// <summary>Type 0x1d: of the application; in 1-RTT packets only (RFC 9000 §12.5).</summary>
    public static ConnectionCloseFrame Application(long code, ReadOnlySpan<byte> reason) =>
        new(isApplication: true, code, 0, reason);

    public static bool TryRead(scoped ref Reader reader, long type, out ConnectionCloseFrame frame)
    {
        frame = default;
        bool isApplication = type == FrameType.ConnectionCloseApplication;
        long frameType = 0;
        if (!reader.TryReadVarInt(out long code) || (!isApplication && !reader.TryReadVarInt(out frameType))
            || !reader.TryReadVarIntBytes(out ReadOnlySpan<byte> reason))
        {
            return false; // RFC 9000 §19.19
        }
        frame = new ConnectionCloseFrame(isApplication, code, frameType, reason);
        return true;
    }

    /// <summary>This frame, its reason cut between characters so that it takes at most <paramref name="budget"/> bytes, if any reason does.</summary>
    public ConnectionCloseFrame CutTo(int budget)
    {
        int capacity = LengthPrefix.Capacity(budget - (Size - VarInt.SizeOf(Reason.Length) - Reason.Length));
        if (Reason.Length <= capacity)
        {
            return this;
        }
        int length = Math.Max(capacity, 0);
        while (length > 0 && (Reason[length] & 0xc0) == 0x80)
        {
            length--; // a byte within a UTF-8 sequence, which would be cut apart
        }
        return new ConnectionCloseFrame(IsApplication, ErrorCode, OffendingFrameType, Reason[..length]);
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, IsApplication ? FrameType.ConnectionCloseApplication : FrameType.ConnectionClose);
        writer.WriteVarInt(ErrorCode);
        if (!IsApplication)
        {
            writer.WriteVarInt(OffendingFrameType);
        }
        writer.WriteVarIntBytes(Reason);
    }
}
