using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Quicprochat.Server.Storage.Rules;

/// <summary>What tells the same message from another one under the same id: half of a SHA-256 over all that the sender says.</summary>
internal static class SentDigest
{
    /// <summary>The digest of a message.</summary>
    public static UInt128 Of(NewMessage message)
    {
        Span<byte> head = stackalloc byte[2 + (2 * Digest.Length)];
        head.Clear();
        head[0] = (byte)message.Kind;
        message.EntryHash.CopyTo(head[2..]);
        if (message.Payload.Blob is Digest blob)
        {
            head[1] = 1;
            blob.CopyTo(head[(2 + Digest.Length)..]);
        }
        Span<byte> hash = stackalloc byte[Digest.Length];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(head);
        sha.AppendData(message.Payload.Bytes.Span);
        sha.GetHashAndReset(hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
