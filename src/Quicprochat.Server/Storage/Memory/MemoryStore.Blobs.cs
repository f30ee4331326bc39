namespace Quicprochat.Server.Storage.Memory;

internal sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<PutBlobResult> PutBlobAsync(BlobChunk chunk, long nowMs, CancellationToken cancellationToken) => Do(() => Put(chunk, nowMs), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BlobPart?> ReadBlobAsync(Digest hash, DeviceAddress reader, long offset, int limit, CancellationToken cancellationToken) => Do<BlobPart?>(
        () => FindBlob(hash, reader) is { Progress.IsComplete: true } blob ? new BlobPart(blob.Progress.Length, blob.Read(offset, limit)) : null,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BlobProgress?> FindBlobAsync(Digest hash, DeviceAddress reader, CancellationToken cancellationToken) =>
        Do(() => FindBlob(hash, reader)?.Progress, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SweepResult> SweepAsync(long nowMs, CancellationToken cancellationToken) => Do(
        () =>
        {
            long cutoffMs = nowMs - _limits.RetentionMs;
            long envelopes = _numbered.Sum(device => (long)Expire(device, cutoffMs));
            long packages = _numbered.Sum(device => device.KeyPackages.RemoveAll(package => package.Package.ExpiresMs <= nowMs));
            foreach ((Digest code, Invite invite) in _invites.ToArray())
            {
                _ = invite.ExpiresMs <= nowMs && _invites.Remove(code);
            }
            foreach (MemoryDevice device in _numbered)
            {
                packages += device.LastResorts.Where(last => last.Value.Package.ExpiresMs <= nowMs).ToArray().Count(last => device.LastResorts.Remove(last.Key));
            }
            long entries = _groups.Values.Sum(group => (long)Expire(group, cutoffMs));
            long blobs = _groups.Sum(group => (long)ExpireBlobs(group.Key, group.Value, cutoffMs));
            return new SweepResult(envelopes, packages, blobs, entries);
        },
        cancellationToken);

    private static bool IsThere(MemoryGroup? group, StoredPayload payload) =>
        payload.Blob is not Digest hash || (group?.Blobs.GetValueOrDefault(hash)?.Progress is { IsComplete: true } progress && progress.Length == payload.Length);

    private static int Expire(MemoryDevice device, long cutoffMs)
    {
        long last = device.Mailbox.TakeWhile(item => item.Value.TimeMs < cutoffMs).LastOrDefault().Key;
        if (last > 0)
        {
            device.State = device.State with { LostUpTo = last };
        }
        return DropUpTo(device, last);
    }

    private static int Expire(MemoryGroup group, long cutoffMs)
    {
        foreach ((MessageId id, (UInt128 Digest, SendResult Result) sent) in group.Sent.ToArray())
        {
            _ = sent.Result.TimeMs < cutoffMs && id.Value < MessageId.FirstAt(cutoffMs).Value && group.Sent.Remove(id);
        }
        return group.LeftMs.Where(left => left.Value < cutoffMs).ToArray().Count(left => group.LeftMs.Remove(left.Key) && group.Log.Remove(left.Key));
    }

    private int ExpireBlobs(GroupId id, MemoryGroup group, long cutoffMs)
    {
        var named = group.Log.Values.Select(entry => entry.Commit.Blob).Concat(group.GroupInfos.Values.Select(info => info.Blob))
            .Concat(_numbered.SelectMany(device => device.Mailbox.Values).Where(message => message.Group == id).Select(message => message.Payload.Blob)).ToHashSet();
        return group.Blobs.Where(blob => blob.Value.TimeMs < cutoffMs && !named.Contains(blob.Key)).ToArray().Count(blob => group.Blobs.Remove(blob.Key));
    }

    private MemoryBlob? FindBlob(Digest hash, DeviceAddress reader) => Active(reader) is not { } device ? null : _groups.Values
        .Where(group => group.Blobs.ContainsKey(hash) && MayRead(group, device)).Select(group => group.Blobs[hash]).MaxBy(blob => blob.Progress.Received);

    private PutBlobResult Put(BlobChunk chunk, long nowMs)
    {
        if (FindFor(chunk.Group, chunk.Sender) is not { } group)
        {
            return new PutBlobResult(PutBlobStatus.GroupUnknown, default);
        }
        MemoryBlob blob = group.Blobs.GetValueOrDefault(chunk.Hash) ?? new MemoryBlob(chunk.Length, nowMs);
        if (blob.Progress.Length != chunk.Length || chunk.Length <= 0 || chunk.Data.IsEmpty || chunk.Offset < 0 || chunk.Offset > chunk.Length - chunk.Data.Length)
        {
            return new PutBlobResult(PutBlobStatus.Wrong, blob.Progress);
        }
        if (chunk.Offset + chunk.Data.Length <= blob.Progress.Received)
        {
            bool same = blob.Read(chunk.Offset, chunk.Data.Length).Span.SequenceEqual(chunk.Data.Span);
            return new PutBlobResult(same ? PutBlobStatus.Stored : PutBlobStatus.Wrong, blob.Progress);
        }
        if (chunk.Offset != blob.Progress.Received)
        {
            return new PutBlobResult(PutBlobStatus.Gap, blob.Progress);
        }
        blob.Bytes.Write(chunk.Data.Span);
        group.Blobs[chunk.Hash] = blob;
        if (blob.Progress.IsComplete && Digest.Of(blob.Bytes.ToArray()) != chunk.Hash)
        {
            group.Blobs.Remove(chunk.Hash);
            return new PutBlobResult(PutBlobStatus.Wrong, new BlobProgress(0, chunk.Length, IsComplete: false));
        }
        return new PutBlobResult(PutBlobStatus.Stored, blob.Progress);
    }
}
