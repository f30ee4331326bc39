using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Handlers;

/// <summary>600–609: blobs.</summary>
internal sealed class BlobHandlers(Blobs blobs)
{
    public async ValueTask<PutBlobResponse> PutAsync(ClientSession session, PutBlobRequest request, CancellationToken cancellationToken)
    {
        if (request.Length > (ulong)Arguments.BlobLengthMax)
        {
            throw new RpcException(
                RpcStatus.PayloadTooLarge, ErrorCodes.BlobTooLarge, $"length is {request.Length}; a blob has at most {Arguments.BlobLengthMax} bytes. Split what is larger.");
        }
        if (request.Data.Length is 0 or > Blobs.ChunkLengthMax)
        {
            throw Refusals.Argument($"data has {request.Data.Length} bytes; a chunk has 1 to {Blobs.ChunkLengthMax}.");
        }
        if (request.Offset > request.Length || (ulong)request.Data.Length > request.Length - request.Offset)
        {
            throw Refusals.Argument("The chunk goes beyond length.");
        }
        var chunk = new BlobChunk
        {
            Hash = Arguments.Hash(request.Hash, "hash"),
            Length = (long)request.Length,
            Offset = (long)request.Offset,
            Data = request.Data.Memory,
            Group = Arguments.Group(request.GroupId),
            Sender = session.Device,
        };
        return new PutBlobResponse { Received = (ulong)await blobs.PutAsync(chunk, cancellationToken) };
    }

    public async ValueTask<GetBlobResponse> GetAsync(ClientSession session, GetBlobRequest request, CancellationToken cancellationToken)
    {
        Digest hash = Arguments.Hash(request.Hash, "hash");
        long offset = Arguments.Number(request.Offset, "offset");
        BlobPart part = await blobs.ReadAsync(session, hash, offset, Arguments.Limit(request.Limit, Blobs.ChunkLengthMax), cancellationToken);
        return new GetBlobResponse { Length = (ulong)part.Length, Data = ContractMessages.Wrap(part.Data) };
    }

    public async ValueTask<BlobStatusResponse> StatusAsync(ClientSession session, BlobStatusRequest request, CancellationToken cancellationToken)
    {
        BlobProgress progress = await blobs.FindAsync(session, Arguments.Hash(request.Hash, "hash"), cancellationToken);
        return new BlobStatusResponse { Received = (ulong)progress.Received, Length = (ulong)progress.Length };
    }
}
