using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>
/// STREAM (RFC 9000 §19.8):
/// <code>Type (i) = 0x08..0x0f, Stream ID (i), [Offset (i)], [Length (i)], Stream Data (..)</code>
/// </summary>
internal readonly ref struct StreamFrame(StreamId streamId, long offset, ReadOnlySpan<byte> data, bool fin)
{
    /// <summary>OFF: there is an Offset field.</summary>
    internal const long OffsetBit = 0x04;

    /// <summary>LEN: there is a Length field.</summary>
    internal const long LengthBit = 0x02;

    /// <summary>FIN: the stream ends here.</summary>
    internal const long FinBit = 0x01;

    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>Where the data begins.</summary>
    public long Offset { get; } = offset;

    /// <summary>The data, perhaps none.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>True when the stream ends with this data.</summary>
    public bool Fin { get; } = fin;

    /// <summary>Encoded bytes.</summary>
    public int SizeWith(bool hasLength) => Header(hasLength).Size + Data.Length;

    public static bool TryRead(scoped ref Reader reader, long type, out StreamFrame frame)
    {
        frame = default;
        long offset = 0;
        if (!reader.TryReadVarInt(out long id) || ((type & OffsetBit) != 0 && !reader.TryReadVarInt(out offset)))
        {
            return false; // RFC 9000 §19.8
        }
        bool isRead = (type & LengthBit) != 0
            ? reader.TryReadVarIntBytes(out ReadOnlySpan<byte> data)
            : reader.TryReadBytes(reader.Remaining, out data);
        if (!isRead)
        {
            return false; // RFC 9000 §19.8
        }
        if (offset > VarInt.Max - data.Length)
        {
            return false; // RFC 9000 §19.8: the last offset is above 2^62-1
        }
        frame = new StreamFrame(new StreamId(id), offset, data, (type & FinBit) != 0);
        return true;
    }

    /// <summary>Writes the frame; without a length it must be the last of its packet.</summary>
    public void Write(ref Writer writer, bool hasLength)
    {
        Header(hasLength).Write(ref writer);
        writer.WriteBytes(Data);
    }

    private StreamFrameHeader Header(bool hasLength) => new(StreamId, Offset, Data.Length, Fin, hasLength);
}
