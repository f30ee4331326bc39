using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>CRYPTO (RFC 9000 §19.6): <code>Type (i) = 0x06, Offset (i), Length (i), Crypto Data (..)</code></summary>
internal readonly ref struct CryptoFrame(long offset, ReadOnlySpan<byte> data)
{
    /// <summary>Where the data begins in the handshake stream of its level.</summary>
    public long Offset { get; } = offset;

    /// <summary>Handshake bytes.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Encoded bytes.</summary>
    public int Size => HeaderSizeOf(Offset, Data.Length) + Data.Length;

    public static bool TryRead(scoped ref Reader reader, out CryptoFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long offset) || !reader.TryReadVarIntBytes(out ReadOnlySpan<byte> data))
        {
            return false; // RFC 9000 §19.6
        }
        if (offset > VarInt.Max - data.Length)
        {
            return false; // RFC 9000 §19.6: the last offset is above 2^62-1
        }
        frame = new CryptoFrame(offset, data);
        return true;
    }

    public void Write(ref Writer writer)
    {
        WriteHeader(ref writer, Offset, Data.Length);
        writer.WriteBytes(Data);
    }

    /// <summary>Bytes before the data.</summary>
    public static int HeaderSizeOf(long offset, int length) => 1 + VarInt.SizeOf(offset) + VarInt.SizeOf(length);

    /// <summary>The most data whose frame fits into <paramref name="free"/> bytes; negative or 0 when none does.</summary>
    public static int DataCapacity(long offset, int free) => LengthPrefix.Capacity(free - 1 - VarInt.SizeOf(offset));

    /// <summary>Writes all but the data, for which the caller uses <see cref="Writer.Reserve"/>.</summary>
    public static void WriteHeader(ref Writer writer, long offset, int length)
    {
        FrameType.Write(ref writer, FrameType.Crypto);
        writer.WriteVarInt(offset);
        writer.WriteVarInt(length);
    }
}
