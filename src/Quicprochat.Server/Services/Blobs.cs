using Quicprochat.Rpc.Calls;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>What is too large for a message (docs/protocol/delivery.md).</summary>
internal sealed class Blobs(IServerStore store, RateLimits rates, TimeProvider clock)
{
    /// <summary>Longest chunk, both ways.</summary>
    public const int ChunkLengthMax = 1 << 20;

    /// <summary>Puts a chunk; returns when it is durable, with the bytes that are there from the start.</summary>
    public async ValueTask<long> PutAsync(BlobChunk chunk, CancellationToken cancellationToken)
    {
        rates.CheckBlobBytes(chunk.Sender, chunk.Data.Length);
        PutBlobResult result = await store.PutBlobAsync(chunk, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        return result.Status switch
        {
            PutBlobStatus.Stored => result.Progress.Received,
            PutBlobStatus.GroupUnknown => throw Refusals.GroupUnknown(),
            PutBlobStatus.Gap => throw Invalid($"the chunk begins at {chunk.Offset}, and {result.Progress.Received} bytes are there; go on from there"),
            PutBlobStatus.Wrong => throw Invalid("the chunk contradicts what is there, or the bytes do not make the hash; ask blobs.status, and begin again if nothing is there"),
            _ => throw Refusals.ServerFault(),
        };
    }

    public async ValueTask<BlobPart> ReadAsync(ClientSession session, Digest hash, long offset, int limit, CancellationToken cancellationToken) =>
        await store.ReadBlobAsync(hash, session.Device, offset, limit, cancellationToken) ?? throw Refusals.BlobUnknown();

    public async ValueTask<BlobProgress> FindAsync(ClientSession session, Digest hash, CancellationToken cancellationToken) =>
        await store.FindBlobAsync(hash, session.Device, cancellationToken) ?? throw Refusals.BlobUnknown();

    private static RpcException Invalid(string clause) => new(RpcStatus.InvalidArgument, ErrorCodes.BlobInvalid, $"The blob cannot be put so: {clause}.");
}
