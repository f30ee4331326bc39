using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>The history: messages in the order in which they were stored, each id once in its conversation.</summary>
internal sealed class MessageTable(SealedLog log)
{
    /// <summary>Appends a message and sets its number; false, and nothing is changed, when the conversation has one of this id.</summary>
    public bool TryAdd(MessageRow message)
    {
        message.Number = log.Next;
        return log.TryAdd(message.ConversationId.Span, message.MessageId.Span, Row.Encode(message)) is not null;
    }

    /// <summary>The message; null when there is none.</summary>
    public MessageRow? Find(long number) => log.Find(number) is { } content ? Row.Decode<MessageRow>(content) : null;

    /// <summary>The message; null when there is none.</summary>
    public MessageRow? Find(ReadOnlySpan<byte> conversationId, ReadOnlySpan<byte> messageId) =>
        log.Find(conversationId, messageId) is { } content ? Row.Decode<MessageRow>(content) : null;

    /// <summary>True when the conversation has a message of this id.</summary>
    public bool Contains(ReadOnlySpan<byte> conversationId, ReadOnlySpan<byte> messageId) => log.Contains(conversationId, messageId);

    /// <summary>Stores what changed in a message that is there; its conversation, id and number stay. False when it is not there.</summary>
    public bool Update(MessageRow message) => log.Update(message.Number, Row.Encode(message));

    /// <summary>False when there was none.</summary>
    public bool Delete(long number) => log.Delete(number);

    /// <summary>Deletes all messages of a conversation; how many there were.</summary>
    public int DeleteAll(ReadOnlySpan<byte> conversationId) => log.DeleteAll(conversationId);

    /// <summary>How many messages a conversation has.</summary>
    public long Count(ReadOnlySpan<byte> conversationId) => log.Count(conversationId);

    /// <summary>A page towards the past: the last messages before a number (<see cref="long.MaxValue"/> for the newest), in order.</summary>
    public IReadOnlyList<MessageRow> Before(ReadOnlySpan<byte> conversationId, long number, int limit) =>
        log.Before(conversationId, number, limit).ConvertAll(Row.Decode<MessageRow>);

    /// <summary>A page towards the present: the first messages behind a number (0 for the oldest), in order.</summary>
    public IReadOnlyList<MessageRow> After(ReadOnlySpan<byte> conversationId, long number, int limit) =>
        log.After(conversationId, number, limit).ConvertAll(Row.Decode<MessageRow>);

    /// <summary>The first messages of all conversations behind a number, in order.</summary>
    public IReadOnlyList<MessageRow> After(long number, int limit) => log.After(number, limit).ConvertAll(Row.Decode<MessageRow>);
}
