using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Framing;

/// <summary>
/// What is said, by whom, in which epoch (RFC 9420 §6):
/// <code>
/// struct {
///     opaque group_id&lt;V&gt;;
///     uint64 epoch;
///     Sender sender;
///     opaque authenticated_data&lt;V&gt;;
///     ContentType content_type;
///     select (FramedContent.content_type) {
///         case application: opaque application_data&lt;V&gt;;
///         case proposal:    Proposal proposal;
///         case commit:      Commit commit;
///     };
/// } FramedContent;
/// </code>
/// </summary>
internal sealed class FramedContent
{
    private FramedContent(ReadOnlyMemory<byte> encoded) => Encoded = encoded;

    public ReadOnlyMemory<byte> GroupId { get; private init; }

    public ulong Epoch { get; private init; }

    public Sender Sender { get; private init; }

    public ReadOnlyMemory<byte> AuthenticatedData { get; private init; }

    public ContentType ContentType { get; private init; }

    public ReadOnlyMemory<byte> ApplicationData { get; private init; }

    public Proposal? Proposal { get; private init; }

    public Commit? Commit { get; private init; }

    /// <summary>The bytes it was read from: what is signed.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The last field of <see cref="Encoded"/>, which is what a PrivateMessage encrypts.</summary>
    public ReadOnlyMemory<byte> EncodedBody { get; private init; }

    /// <summary>Puts content together from its parts; <paramref name="body"/> is the encoded last field.</summary>
    public static bool TryCompose(FramedContentHeader header, ReadOnlySpan<byte> body, [NotNullWhen(true)] out FramedContent? content)
    {
        var writer = new Writer(header.GroupId.Length + header.AuthenticatedData.Length + body.Length + 32);
        writer.WriteVector(header.GroupId);
        writer.WriteUInt64(header.Epoch);
        header.Sender.Write(ref writer);
        writer.WriteVector(header.AuthenticatedData);
        writer.WriteByte((byte)header.ContentType);
        writer.WriteBytes(body);
        var reader = new Reader(writer.Take());
        return TryRead(ref reader, out content) && reader.IsAtEnd;
    }

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out FramedContent? content)
    {
        content = null;
        int start = reader.Position;
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> groupId)
            || !reader.TryReadUInt64(out ulong epoch)
            || !Sender.TryRead(ref reader, out Sender sender)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> authenticatedData)
            || !reader.TryReadByte(out byte contentType))
        {
            return false;
        }
        int bodyStart = reader.Position;
        if (!TryReadBody(ref reader, (ContentType)contentType, out ReadOnlyMemory<byte> data, out Proposal? proposal, out Commit? commit))
        {
            return false;
        }
        content = new FramedContent(reader.Since(start))
        {
            GroupId = groupId,
            Epoch = epoch,
            Sender = sender,
            AuthenticatedData = authenticatedData,
            ContentType = (ContentType)contentType,
            ApplicationData = data,
            Proposal = proposal,
            Commit = commit,
            EncodedBody = reader.Since(bodyStart),
        };
        return true;
    }

    /// <summary>Reads the last field by its type.</summary>
    public static bool TryReadBody(
        ref Reader reader, ContentType contentType, out ReadOnlyMemory<byte> data, out Proposal? proposal, out Commit? commit)
    {
        data = default;
        proposal = null;
        commit = null;
        return contentType switch
        {
            ContentType.Application => reader.TryReadVector(out data),
            ContentType.Proposal => Proposal.TryRead(ref reader, out proposal),
            ContentType.Commit => Commit.TryRead(ref reader, out commit),
            _ => false, // RFC 9420 §6: the enum has no other value.
        };
    }

    public void Write(ref Writer writer) => writer.WriteBytes(Encoded.Span);
}
