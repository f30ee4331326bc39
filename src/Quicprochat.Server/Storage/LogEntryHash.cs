using System.Security.Cryptography;

namespace Quicprochat.Server.Storage;

/// <summary>The hash that names a log entry: SHA-256 over a label, a zero byte, and the body (docs/protocol/groups.md).</summary>
internal static class LogEntryHash
{
    /// <summary>The hash of the entry with this body.</summary>
    public static Digest Of(ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("qpc log entry v1\0"u8);
        hash.AppendData(body);
        Span<byte> bytes = stackalloc byte[Digest.Length];
        hash.GetHashAndReset(bytes);
        return new Digest(bytes);
    }
}
