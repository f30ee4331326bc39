using System.Text;
using Google.Protobuf;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>How far each message came at each recipient.</summary>
internal sealed class ReceiptTable(SealedMap map)
{
    /// <summary>Stores a receipt in the place of the one of the same message and recipient.</summary>
    public void Put(ReceiptRow row) =>
        map.Put(OwnerOf(row.ConversationId.Span, row.MessageId.Span), Encoding.UTF8.GetBytes(row.Recipient), Row.Encode(row));

    /// <summary>The receipt; null when there is none.</summary>
    public ReceiptRow? Find(ReadOnlySpan<byte> conversationId, ReadOnlySpan<byte> messageId, string recipient) =>
        map.Find(OwnerOf(conversationId, messageId), Encoding.UTF8.GetBytes(recipient)) is { } content ? Row.Decode<ReceiptRow>(content) : null;

    /// <summary>The receipts of a message, in no order that means something.</summary>
    public IReadOnlyList<ReceiptRow> List(ReadOnlySpan<byte> conversationId, ReadOnlySpan<byte> messageId) =>
        map.ReadAll(OwnerOf(conversationId, messageId)).ConvertAll(Row.Decode<ReceiptRow>);

    /// <summary>Deletes the receipts of a message; how many there were.</summary>
    public int DeleteAll(ReadOnlySpan<byte> conversationId, ReadOnlySpan<byte> messageId) => map.DeleteAll(OwnerOf(conversationId, messageId));

    // Protobuf writes the lengths between the two.
    private static byte[] OwnerOf(ReadOnlySpan<byte> conversationId, ReadOnlySpan<byte> messageId) => new ReceiptRow
    {
        ConversationId = ByteString.CopyFrom(conversationId),
        MessageId = ByteString.CopyFrom(messageId),
    }.ToByteArray();
}
