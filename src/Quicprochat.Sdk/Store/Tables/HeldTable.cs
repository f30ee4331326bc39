using System.Buffers.Binary;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Envelopes that wait for the log of their group, in the order in which they came.</summary>
internal sealed class HeldTable(SealedLog log)
{
    /// <summary>Appends an envelope and sets its number; false when the group has one of this mailbox sequence.</summary>
    public bool TryAdd(HeldEnvelopeRow row)
    {
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(key, row.Sequence);
        row.Number = log.Next;
        return log.TryAdd(row.GroupId.Span, key, Row.Encode(row)) is not null;
    }

    /// <summary>The first envelopes of a group behind a number (0 for the first), in order.</summary>
    public IReadOnlyList<HeldEnvelopeRow> After(ReadOnlySpan<byte> groupId, long number, int limit) =>
        log.After(groupId, number, limit).ConvertAll(Row.Decode<HeldEnvelopeRow>);

    /// <summary>The first envelope of every group.</summary>
    public IReadOnlyList<HeldEnvelopeRow> Heads() => log.Heads().ConvertAll(Row.Decode<HeldEnvelopeRow>);

    /// <summary>How many a group has.</summary>
    public long Count(ReadOnlySpan<byte> groupId) => log.Count(groupId);

    /// <summary>False when there was none.</summary>
    public bool Remove(long number) => log.Delete(number);

    /// <summary>Forgets all of a group; how many there were.</summary>
    public int RemoveAll(ReadOnlySpan<byte> groupId) => log.DeleteAll(groupId);
}
