using System.Security.Cryptography;
using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Blobs, in chunks as they came; one for each pair of hash and group.</summary>
/// <param name="session">The session.</param>
internal sealed class BlobTable(Session session)
{
    private readonly Database _database = session.Database;

    /// <summary>Puts a chunk.</summary>
    /// <returns>The answer, and the blob's number if it waits for <see cref="HashFits"/>.</returns>
    public (PutBlobResult Result, long? Unchecked) Put(BlobChunk chunk, long nowMs)
    {
        if (session.Groups.FindFor(chunk.Group, chunk.Sender) is not { } window)
        {
            return (new PutBlobResult(PutBlobStatus.GroupUnknown, default), null);
        }
        BlobRow row = Find(chunk.Hash, window.Row) ?? new BlobRow(0, chunk.Length, 0, IsComplete: false);
        if (row.Length != chunk.Length || chunk.Length <= 0 || chunk.Data.IsEmpty || chunk.Offset < 0 || chunk.Offset > chunk.Length - chunk.Data.Length)
        {
            return (new PutBlobResult(PutBlobStatus.Wrong, row.Progress), null);
        }
        if (chunk.Offset + chunk.Data.Length <= row.Received)
        {
            bool same = Read(row.Id, chunk.Offset, chunk.Data.Length).AsSpan().SequenceEqual(chunk.Data.Span);
            return (new PutBlobResult(same ? PutBlobStatus.Stored : PutBlobStatus.Wrong, row.Progress), row.Unchecked);
        }
        if (chunk.Offset != row.Received)
        {
            return (new PutBlobResult(PutBlobStatus.Gap, row.Progress), null);
        }
        row = Append(row, chunk, window, nowMs);
        return (new PutBlobResult(PutBlobStatus.Stored, row.Progress), row.Unchecked);
    }

    /// <summary>True when the bytes of a blob hash to its name. They can be many: not for the writer.</summary>
    public bool HashFits(long id, Digest hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Statement rows = _database.Use("SELECT bytes FROM chunk WHERE blob = ? ORDER BY offset").Bind(1, id);
        while (rows.Read())
        {
            sha.AppendData(rows.Bytes(0));
        }
        return new Digest(sha.GetHashAndReset()) == hash;
    }

    /// <summary>Makes a blob complete, or drops it.</summary>
    public PutBlobResult Finish(long id, bool fits)
    {
        Statement rows = _database.Use("SELECT length FROM blob WHERE id = ?").Bind(1, id);
        long length = rows.Read() ? rows.Int64(0) : 0;
        rows.Reset();
        if (fits && length > 0)
        {
            _database.Use("UPDATE blob SET complete = 1 WHERE id = ?").Bind(1, id).Run();
            return new PutBlobResult(PutBlobStatus.Stored, new BlobProgress(length, length, IsComplete: true));
        }
        _database.Use("DELETE FROM blob WHERE id = ?").Bind(1, id).Run();
        _database.Use("DELETE FROM chunk WHERE blob = ?").Bind(1, id).Run();
        return new PutBlobResult(PutBlobStatus.Wrong, new BlobProgress(0, length, IsComplete: false));
    }

    /// <summary>The blob that a device may read and of which most is there, or null.</summary>
    public BlobRow? FindFor(Digest hash, DeviceAddress reader)
    {
        var rows = new List<(BlobRow Row, int Chat)>();
        Statement all = _database.Use("SELECT id, length, received, complete, chat FROM blob WHERE hash = ?").Bind(1, hash);
        while (all.Read())
        {
            rows.Add((new BlobRow(all.Int64(0), all.Int64(1), all.Int64(2), all.Flag(3)), all.Int32(4)));
        }
        return rows.OrderByDescending(item => item.Row.IsComplete).ThenByDescending(item => item.Row.Received)
            .Where(item => session.Groups.FindFor(session.Groups.Id(item.Chat), reader) is not null).Select(item => item.Row).FirstOrDefault();
    }

    /// <summary>True when the payload's blob is complete and as long as it says.</summary>
    public bool IsComplete(int chat, StoredPayload payload) => Find(payload.Blob!.Value, chat) is { IsComplete: true } row && row.Length == payload.Length;

    /// <summary>Bytes of a blob.</summary>
    public byte[] Read(long id, long offset, int limit)
    {
        using var bytes = new MemoryStream();
        Statement rows = _database.Use("""
            SELECT offset, bytes FROM chunk WHERE blob = ?1 AND offset >= (SELECT max(offset) FROM chunk WHERE blob = ?1 AND offset <= ?2) ORDER BY offset
            """).Bind(1, id).Bind(2, offset);
        while (bytes.Length < limit && rows.Read())
        {
            ReadOnlySpan<byte> chunk = rows.Bytes(1);
            int skip = (int)Math.Min(chunk.Length, Math.Max(0, offset - rows.Int64(0)));
            bytes.Write(chunk.Slice(skip, Math.Min(chunk.Length - skip, limit - (int)bytes.Length)));
        }
        rows.Reset();
        return bytes.ToArray();
    }

    private BlobRow? Find(Digest hash, int chat)
    {
        Statement rows = _database.Use("SELECT id, length, received, complete FROM blob WHERE hash = ? AND chat = ?").Bind(1, hash).Bind(2, chat);
        BlobRow? row = rows.Read() ? new BlobRow(rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Flag(3)) : null;
        rows.Reset();
        return row;
    }

    private BlobRow Append(BlobRow row, BlobChunk chunk, GroupWindow window, long nowMs)
    {
        if (row.Id == 0)
        {
            Statement rows = _database.Use("INSERT INTO blob (hash, chat, length, received, complete, time_ms) VALUES (?, ?, ?, 0, 0, ?) RETURNING id")
                .Bind(1, chunk.Hash).Bind(2, window.Row).Bind(3, chunk.Length).Bind(4, nowMs);
            rows.Read();
            row = row with { Id = rows.Int64(0) };
            rows.Reset();
        }
        _database.Use("INSERT INTO chunk (blob, offset, bytes) VALUES (?, ?, ?)").Bind(1, row.Id).Bind(2, chunk.Offset).Bind(3, chunk.Data.Span).Run();
        row = row with { Received = row.Received + chunk.Data.Length };
        _database.Use("UPDATE blob SET received = ? WHERE id = ?").Bind(1, row.Received).Bind(2, row.Id).Run();
        return row;
    }
}
