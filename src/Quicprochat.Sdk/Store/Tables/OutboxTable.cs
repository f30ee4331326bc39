using System.Buffers.Binary;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>What is to be sent, in order within each lane.</summary>
internal sealed class OutboxTable(SealedLog log, SealedMap states)
{
    /// <summary>Appends an entry and sets its number; false, and nothing is changed, when the lane has one of this message id.</summary>
    public bool TryAdd(OutboxRow row, OutboxStateRow? state = null)
    {
        row.Number = log.Next;
        if (log.TryAdd(row.Lane.Span, row.MessageId.Span, Row.Encode(row)) is null)
        {
            return false;
        }
        if (state is not null)
        {
            SetState(row.Number, state);
        }
        return true;
    }

    /// <summary>The entry; null when there is none.</summary>
    public OutboxEntry? Find(long number) => log.Find(number) is { } content ? Entry(content) : null;

    /// <summary>The entry; null when there is none.</summary>
    public OutboxEntry? Find(ReadOnlySpan<byte> lane, ReadOnlySpan<byte> messageId) => log.Find(lane, messageId) is { } content ? Entry(content) : null;

    /// <summary>The first entry of every lane, in order.</summary>
    public IReadOnlyList<OutboxEntry> Heads() => log.Heads().ConvertAll(Entry);

    /// <summary>The first entries of a lane behind a number, in order.</summary>
    public IReadOnlyList<OutboxEntry> After(ReadOnlySpan<byte> lane, long number, int limit) => log.After(lane, number, limit).ConvertAll(Entry);

    /// <summary>The first entries of all lanes behind a number, in order.</summary>
    public IReadOnlyList<OutboxEntry> After(long number, int limit) => log.After(number, limit).ConvertAll(Entry);

    /// <summary>How many entries a lane has.</summary>
    public long Count(ReadOnlySpan<byte> lane) => log.Count(lane);

    /// <summary>Stores how far an entry came, without writing its payload again.</summary>
    public void SetState(long number, OutboxStateRow state) => states.Put(default, KeyOf(number), Row.Encode(state));

    /// <summary>Stores other content for an entry: what is sent when the first payload was refused for good. Lane, id and number stay. False when it is not there.</summary>
    public bool Update(OutboxRow row) => log.Update(row.Number, Row.Encode(row));

    /// <summary>It was sent. False when there was none.</summary>
    public bool Remove(long number)
    {
        states.Delete(default, KeyOf(number));
        return log.Delete(number);
    }

    private static byte[] KeyOf(long number)
    {
        byte[] key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, number);
        return key;
    }

    private OutboxEntry Entry(byte[] content)
    {
        OutboxRow row = Row.Decode<OutboxRow>(content);
        byte[]? state = states.Find(default, KeyOf(row.Number));
        return new OutboxEntry(row, state is null ? new OutboxStateRow() : Row.Decode<OutboxStateRow>(state));
    }
}
