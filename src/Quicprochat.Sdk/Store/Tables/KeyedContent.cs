using System.Buffers.Binary;
using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>A key and a value in one sealed row, for keys that must be readable again: <c>length of the key u32 | key | value</c>.</summary>
internal static class KeyedContent
{
    public static int Size(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => sizeof(uint) + key.Length + value.Length;

    public static void Write(Span<byte> content, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteInt32BigEndian(content, key.Length);
        key.CopyTo(content[sizeof(uint)..]);
        value.CopyTo(content[(sizeof(uint) + key.Length)..]);
    }

    public static KeyedRecord Read(byte[] content) => Read(content.AsMemory());

    public static KeyedRecord Read(ReadOnlyMemory<byte> content)
    {
        uint length = content.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(content.Span);
        if (length > content.Length - sizeof(uint))
        {
            throw SqliteErrors.Damaged("A record does not parse.");
        }
        return new KeyedRecord(content.Slice(sizeof(uint), (int)length), content[(sizeof(uint) + (int)length)..]);
    }
}
