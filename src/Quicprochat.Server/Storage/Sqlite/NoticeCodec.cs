namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>The bytes of a row of <c>change</c>: three lists, each a count and its items, all as variable-length integers.</summary>
internal static class NoticeCodec
{
    /// <summary>Writes what other instances need to know.</summary>
    public static byte[] Write(Notices notices)
    {
        using var buffer = new MemoryStream();
        WriteInt(buffer, notices.Envelopes.Count);
        foreach ((int device, long sequence, _) in notices.Envelopes)
        {
            WriteInt(buffer, device);
            WriteInt(buffer, sequence);
        }
        WriteInt(buffer, notices.Lists.Count);
        foreach ((int account, StoreChange.DevicesPublished change) in notices.Lists)
        {
            WriteInt(buffer, account);
            WriteInt(buffer, change.Version);
        }
        WriteInt(buffer, notices.Packages.Count);
        foreach ((int device, _) in notices.Packages)
        {
            WriteInt(buffer, device);
        }
        return buffer.ToArray();
    }

    /// <summary>Reads the next integer; 0 behind the end.</summary>
    public static long ReadInt(ref ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (int shift = 0; !bytes.IsEmpty && shift < 63; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                break;
            }
        }
        return value;
    }

    private static void WriteInt(MemoryStream buffer, long value)
    {
        while (value >= 0x80)
        {
            buffer.WriteByte((byte)((value & 0x7f) | 0x80));
            value >>= 7;
        }
        buffer.WriteByte((byte)value);
    }
}
