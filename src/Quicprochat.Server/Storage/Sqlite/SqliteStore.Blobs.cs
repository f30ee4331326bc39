namespace Quicprochat.Server.Storage.Sqlite;

internal sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public async ValueTask<PutBlobResult> PutBlobAsync(BlobChunk chunk, long nowMs, CancellationToken cancellationToken)
    {
        (PutBlobResult result, long? unchecked_) = await WriteAsync(session => session.Blobs.Put(chunk, nowMs), cancellationToken);
        return result.Status == PutBlobStatus.Stored && unchecked_ is long id ? await FinishBlobAsync(id, chunk.Hash, cancellationToken) : result;
    }

    /// <inheritdoc/>
    public ValueTask<BlobPart?> ReadBlobAsync(Digest hash, DeviceAddress reader, long offset, int limit, CancellationToken cancellationToken) =>
        ReadAsync<BlobPart?>(
            session => session.Blobs.FindFor(hash, reader) is { IsComplete: true } row
                ? new BlobPart(row.Length, offset >= 0 && offset < row.Length ? session.Blobs.Read(row.Id, offset, limit) : default(ReadOnlyMemory<byte>))
                : null,
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<BlobProgress?> FindBlobAsync(Digest hash, DeviceAddress reader, CancellationToken cancellationToken)
    {
        BlobRow? row = await ReadAsync(session => session.Blobs.FindFor(hash, reader), cancellationToken);

        // The server died between the last chunk and the look at the hash.
        return row?.Unchecked is long id ? (await FinishBlobAsync(id, hash, cancellationToken)).Progress : row?.Progress;
    }

    /// <inheritdoc/>
    public async ValueTask<SweepResult> SweepAsync(long nowMs, CancellationToken cancellationToken)
    {
        long cutoffMs = nowMs - _options.Limits.RetentionMs;
        long envelopes = await SweepMailboxesAsync(cutoffMs, cancellationToken);
        await SweepAsync(session => new Sweeper(session, cutoffMs).DropSent(), cancellationToken);
        await WriteAsync(session => new Sweeper(session, cutoffMs).DropInvites(nowMs), cancellationToken);
        long packages = await SweepAsync(session => session.KeyPackages.DropExpired(nowMs, 500), cancellationToken);
        long entries = await SweepAsync(session => new Sweeper(session, cutoffMs).DropEntries(), cancellationToken);
        long blobs = await SweepAsync(session => new Sweeper(session, cutoffMs).DropBlobs(), cancellationToken);
        await SweepAsync(session => new Sweeper(session, cutoffMs).DropChunks(), cancellationToken);
        return new SweepResult(envelopes, packages, blobs, entries);
    }

    /// <inheritdoc/>
    public ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken) => ReadAsync(
        session => new StoreFigures
        {
            Accounts = session.Database.Int64("SELECT count(*) FROM account"),
            Devices = session.Database.Int64("SELECT count(*) FROM device WHERE active = 1"),
            Groups = session.Database.Int64("SELECT count(*) FROM chat"),
            Messages = session.Database.Int64("SELECT count(*) FROM message"),
            BlobBytes = session.Database.Int64("SELECT sum(received) FROM blob"),
            DiskBytes = FileLength(_options.Path) + FileLength(_options.Path + "-wal"),
        },
        cancellationToken);

    private static long FileLength(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private async ValueTask<PutBlobResult> FinishBlobAsync(long id, Digest hash, CancellationToken cancellationToken)
    {
        bool fits = await ReadAsync(session => session.Blobs.HashFits(id, hash), cancellationToken);
        return await WriteAsync(session => session.Blobs.Finish(id, fits), cancellationToken);
    }

    private async ValueTask<long> SweepMailboxesAsync(long cutoffMs, CancellationToken cancellationToken)
    {
        long last = await ReadAsync(session => new Sweeper(session, cutoffMs).LastExpired(), cancellationToken);
        if (last <= 0)
        {
            return 0;
        }
        long envelopes = 0;
        int? behind = 0;
        while (behind is int device)
        {
            (behind, int dropped) = await WriteAsync(session => new Sweeper(session, cutoffMs).DropPointers(last, device), cancellationToken);
            envelopes += dropped;
        }
        await SweepAsync(session => new Sweeper(session, cutoffMs).DropMessages(last), cancellationToken);
        return envelopes;
    }

    private async ValueTask<long> SweepAsync(Func<Session, int> step, CancellationToken cancellationToken)
    {
        long all = 0;
        int dropped;
        do
        {
            dropped = await WriteAsync(step, cancellationToken);
            all += dropped;
        }
        while (dropped > 0);
        return all;
    }
}
