using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>DATAGRAM (RFC 9221 §4): <code>Type (i) = 0x30..0x31, [Length (i)], Datagram Data (..)</code></summary>
internal readonly ref struct DatagramFrame(ReadOnlySpan<byte> data)
{
    /// <summary>The application's bytes, perhaps none.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Encoded bytes, which max_datagram_frame_size bounds (RFC 9221 §3).</summary>
    public int SizeWith(bool hasLength) => SizeOf(Data.Length, hasLength);

    /// <summary>Encoded bytes with <paramref name="length"/> bytes of data.</summary>
    public static int SizeOf(int length, bool hasLength) => 1 + (hasLength ? VarInt.SizeOf(length) : 0) + length;

    /// <summary>The most data whose frame, with a length, fits into <paramref name="free"/> bytes; negative when no frame does.</summary>
    public static int DataCapacity(int free) => LengthPrefix.Capacity(free - 1);

    public static bool TryRead(scoped ref Reader reader, long type, out DatagramFrame frame)
    {
        bool isRead = type == FrameType.DatagramWithLength
            ? reader.TryReadVarIntBytes(out ReadOnlySpan<byte> data)
            : reader.TryReadBytes(reader.Remaining, out data);
        frame = new DatagramFrame(data);
        return isRead; // RFC 9221 §4
    }

    /// <summary>Writes the frame; without a length it must be the last of its packet.</summary>
    public void Write(ref Writer writer, bool hasLength)
    {
        FrameType.Write(ref writer, hasLength ? FrameType.DatagramWithLength : FrameType.Datagram);
        if (hasLength)
        {
            writer.WriteVarInt(Data.Length);
        }
        writer.WriteBytes(Data);
    }
}
