using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Session;

/// <summary>What is too large for a frame goes and comes in chunks, named by its hash (docs/protocol/delivery.md).</summary>
internal static class BlobTransfer
{
    /// <summary>What is in place goes no further than this.</summary>
    public const int InlineMax = 256 * 1024;

    private const int ChunkSize = 1024 * 1024;
    private const int LengthMax = 64 * 1024 * 1024;

    /// <summary>The payload as it goes into a request: in place, or put as a blob first.</summary>
    public static async Task<Payload> PutAsync(ServerSession session, ReadOnlyMemory<byte> bytes, ByteString groupId, CancellationToken cancellationToken)
    {
        if (bytes.Length <= InlineMax)
        {
            return new Payload { Inline = UnsafeByteOperations.UnsafeWrap(bytes) };
        }
        ByteString hash = UnsafeByteOperations.UnsafeWrap(SHA256.HashData(bytes.Span));
        int offset = 0;
        while (offset < bytes.Length)
        {
            int count = Math.Min(ChunkSize, bytes.Length - offset);
            PutBlobResponse answer = await session.CallAsync(
                Methods.PutBlob,
                new PutBlobRequest
                {
                    Hash = hash,
                    Length = (ulong)bytes.Length,
                    Offset = (ulong)offset,
                    Data = UnsafeByteOperations.UnsafeWrap(bytes.Slice(offset, count)),
                    GroupId = groupId,
                },
                cancellationToken);
            int received = (int)Math.Min(answer.Received, (ulong)bytes.Length);
            if (received <= offset)
            {
                throw new QpcException(QpcError.Refused, "The server does not take the blob on.", "Try again; report it when it lasts.");
            }
            offset = received;
        }
        return new Payload { BlobHash = hash, BlobLength = (ulong)bytes.Length };
    }

    /// <summary>The bytes of a payload; fetched when it is a blob. Null when they are not what was named.</summary>
    public static async Task<ReadOnlyMemory<byte>?> GetAsync(ServerSession session, Payload? payload, CancellationToken cancellationToken)
    {
        if (payload is null)
        {
            return null;
        }
        if (payload.BlobHash.IsEmpty)
        {
            return payload.Inline.Memory;
        }
        if (payload.BlobLength is 0 or > LengthMax || payload.BlobHash.Length != SHA256.HashSizeInBytes)
        {
            return null;
        }
        var bytes = new MemoryStream();
        while ((ulong)bytes.Length < payload.BlobLength)
        {
            GetBlobResponse part = await session.CallAsync(
                Methods.GetBlob, new GetBlobRequest { Hash = payload.BlobHash, Offset = (ulong)bytes.Length, Limit = ChunkSize }, cancellationToken);
            if (part.Data.IsEmpty || (ulong)(bytes.Length + part.Data.Length) > payload.BlobLength)
            {
                return null;
            }
            bytes.Write(part.Data.Span);
        }
        ReadOnlyMemory<byte> whole = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(whole.Span), payload.BlobHash.Span) ? whole : (ReadOnlyMemory<byte>?)null;
    }
}
