using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;

namespace Quicprochat.Sdk.Conversations;

/// <summary>A log entry's body, read, with its hash (docs/protocol/groups.md).</summary>
internal sealed class LogEntryView
{
    private const string HashLabel = "qpc log entry v1";

    private LogEntryView(ByteString bytes, LogEntryBody body)
    {
        Bytes = bytes;
        Body = body;
        Hash = ByteString.CopyFrom(HashOf(bytes.Span));
    }

    public ByteString Bytes { get; }

    public LogEntryBody Body { get; }

    public ByteString Hash { get; }

    /// <summary>False when the bytes are no body for this group.</summary>
    public static bool TryRead(ByteString? bytes, ReadOnlySpan<byte> groupId, [NotNullWhen(true)] out LogEntryView? view)
    {
        view = null;
        if (bytes is null || !Protobuf.TryParse(LogEntryBody.Parser, bytes.Span, out LogEntryBody? body) || !body.GroupId.Span.SequenceEqual(groupId))
        {
            return false;
        }
        view = new LogEntryView(bytes, body);
        return true;
    }

    public static LogEntryView Of(LogEntryBody body) => new(body.ToByteString(), body);

    public static byte[] HashOf(ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(HashLabel + "\0"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
