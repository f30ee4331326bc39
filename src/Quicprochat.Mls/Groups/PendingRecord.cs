using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Groups;

/// <summary>The record of a pending commit: what was made, and the changes that confirming it will store.</summary>
internal static class PendingRecord
{
    public static void Put(RecordSet records, byte[] key, PendingCommit pending, IReadOnlyList<RecordChange> changes) =>
        records.Put(key, (pending, changes), Write, LengthMax(pending, changes));

    public static MlsError? TryRead(ReadOnlyMemory<byte> record, out PendingCommit? pending, out List<RecordChange> changes)
    {
        pending = null;
        changes = [];
        var reader = new Reader(record);
        if (!reader.TryReadByte(out byte version) || version != RecordSet.FormatVersion)
        {
            return Rule.RecordVersion;
        }
        if (!reader.TryReadUInt64(out ulong epoch)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> message)
            || !TryReadOptional(ref reader, out ReadOnlyMemory<byte>? welcome)
            || !TryReadOptional(ref reader, out ReadOnlyMemory<byte>? groupInfo)
            || !reader.TryReadList(TryReadChange, out RecordChange[]? items)
            || !reader.IsAtEnd)
        {
            return Rule.RecordMalformed;
        }
        pending = new PendingCommit(epoch, message, welcome, groupInfo);
        changes.AddRange(items);
        return null;
    }

    private static int LengthMax(PendingCommit pending, IReadOnlyList<RecordChange> changes) =>
        64 + pending.Message.Length + (pending.Welcome?.Length ?? 0) + (pending.GroupInfo?.Length ?? 0)
        + changes.Sum(static change => change.Key.Length + (change.Value?.Length ?? 0) + 16);

    private static void Write(ref Writer writer, (PendingCommit Pending, IReadOnlyList<RecordChange> Changes) value)
    {
        writer.WriteUInt64(value.Pending.Epoch);
        writer.WriteVector(value.Pending.Message);
        WriteOptional(ref writer, value.Pending.Welcome);
        WriteOptional(ref writer, value.Pending.GroupInfo);
        int start = writer.BeginVector();
        foreach (RecordChange change in value.Changes)
        {
            writer.WriteVector(change.Key);
            WriteOptional(ref writer, change.Value);
        }
        writer.EndVector(start);
    }

    private static bool TryReadChange(ref Reader reader, out RecordChange change)
    {
        bool read = reader.TryReadVector(out ReadOnlyMemory<byte> key) & TryReadOptional(ref reader, out ReadOnlyMemory<byte>? value);
        change = new RecordChange(key, value);
        return read;
    }

    private static void WriteOptional(ref Writer writer, ReadOnlyMemory<byte>? value)
    {
        writer.WritePresence(value is not null);
        if (value is { } bytes)
        {
            writer.WriteVector(bytes);
        }
    }

    private static bool TryReadOptional(ref Reader reader, out ReadOnlyMemory<byte>? value)
    {
        value = null;
        if (!reader.TryReadPresence(out bool present))
        {
            return false;
        }
        if (!present)
        {
            return true;
        }
        bool read = reader.TryReadVector(out ReadOnlyMemory<byte> bytes);
        value = bytes;
        return read;
    }
}
