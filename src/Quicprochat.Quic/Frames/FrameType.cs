using System.Diagnostics;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>Frame types, and what Table 3 of RFC 9000 §12.4 says of them. All known types are below 64, so that a bit of a <see cref="ulong"/> stands for each.</summary>
internal static class FrameType
{
    public const long Padding = 0x00;
    public const long Ping = 0x01;
    public const long Ack = 0x02;
    public const long AckEcn = 0x03;
    public const long ResetStream = 0x04;
    public const long StopSending = 0x05;
    public const long Crypto = 0x06;
    public const long NewToken = 0x07;

    /// <summary>STREAM without any of its flags.</summary>
    public const long Stream = 0x08;

    /// <summary>STREAM with all its flags.</summary>
    public const long StreamMax = 0x0f;

    public const long MaxData = 0x10;
    public const long MaxStreamData = 0x11;
    public const long MaxStreamsBidi = 0x12;
    public const long MaxStreamsUni = 0x13;
    public const long DataBlocked = 0x14;
    public const long StreamDataBlocked = 0x15;
    public const long StreamsBlockedBidi = 0x16;
    public const long StreamsBlockedUni = 0x17;
    public const long NewConnectionId = 0x18;
    public const long RetireConnectionId = 0x19;
    public const long PathChallenge = 0x1a;
    public const long PathResponse = 0x1b;
    public const long ConnectionClose = 0x1c;
    public const long ConnectionCloseApplication = 0x1d;
    public const long HandshakeDone = 0x1e;

    /// <summary>DATAGRAM to the end of the packet (RFC 9221 §4).</summary>
    public const long Datagram = 0x30;

    /// <summary>DATAGRAM with a length (RFC 9221 §4).</summary>
    public const long DatagramWithLength = 0x31;

    /// <summary>0x00 to 0x1e, 0x30 and 0x31.</summary>
    private const ulong Known = (1UL << (int)HandshakeDone << 1) - 1 | 1UL << (int)Datagram | 1UL << (int)DatagramWithLength;

    private const ulong Acks = 1UL << (int)Ack | 1UL << (int)AckEcn;

    /// <summary>Marked IH in Table 3.</summary>
    private const ulong BeforeOneRtt = 1UL << (int)Padding | 1UL << (int)Ping | Acks | 1UL << (int)Crypto | 1UL << (int)ConnectionClose;

    /// <summary>Marked N in Table 3.</summary>
    private const ulong NotAckEliciting = 1UL << (int)Padding | Acks | 1UL << (int)ConnectionClose | 1UL << (int)ConnectionCloseApplication;

    /// <summary>Marked P in Table 3.</summary>
    private const ulong Probing = 1UL << (int)Padding | 1UL << (int)NewConnectionId | 1UL << (int)PathChallenge | 1UL << (int)PathResponse;

    /// <summary>Reads a frame's type. <paramref name="isMinimal"/> is false for a longer encoding than necessary: PROTOCOL_VIOLATION (RFC 9000 §12.4).</summary>
    public static bool TryRead(ref Reader reader, out long type, out bool isMinimal)
    {
        int start = reader.Position;
        bool isRead = reader.TryReadVarInt(out type);
        isMinimal = isRead && reader.Position - start == VarInt.SizeOf(type);
        return isRead;
    }

    /// <summary>True for the types read here; others are FRAME_ENCODING_ERROR (RFC 9000 §12.4).</summary>
    public static bool IsKnown(long type) => IsIn(Known, type);

    /// <summary>False for a type that packets of <paramref name="level"/> must not hold: PROTOCOL_VIOLATION if it is known (RFC 9000 §12.4, §12.5).</summary>
    public static bool IsAllowed(long type, EncryptionLevel level) =>
        IsIn(level == EncryptionLevel.Application ? Known : BeforeOneRtt, type);

    /// <summary>True for frames that ask for an acknowledgement (RFC 9002 §2).</summary>
    public static bool IsAckEliciting(long type) => IsIn(Known & ~NotAckEliciting, type);

    /// <summary>True for frames that do not, alone, make a packet move the connection to a new path (RFC 9000 §9.1).</summary>
    public static bool IsProbing(long type) => IsIn(Probing, type);

    /// <summary>True for the eight types of STREAM.</summary>
    public static bool IsStream(long type) => type is >= Stream and <= StreamMax;

    /// <summary>Writes a type, all of which take one byte.</summary>
    internal static void Write(ref Writer writer, long type)
    {
        Debug.Assert(IsKnown(type), "Only known types are written.");
        writer.WriteByte((byte)type);
    }

    private static bool IsIn(ulong set, long type) => type is >= 0 and < 64 && (set & (1UL << (int)type)) != 0;
}
