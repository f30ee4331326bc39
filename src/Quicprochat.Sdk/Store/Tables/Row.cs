using Google.Protobuf;
using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Rows as Protobuf.</summary>
internal static class Row
{
    public static byte[] Encode<TRow>(TRow row)
        where TRow : IMessage<TRow> => row.ToByteArray();

    /// <exception cref="StoreException">The bytes are authentic and still no such row.</exception>
    public static TRow Decode<TRow>(byte[] content)
        where TRow : class, IMessage<TRow>, new()
    {
        var row = new TRow();
        try
        {
            row.MergeFrom(content);
            return row;
        }
        catch (InvalidProtocolBufferException)
        {
            throw SqliteErrors.Damaged($"A {row.Descriptor.Name} does not parse.");
        }
    }
}
