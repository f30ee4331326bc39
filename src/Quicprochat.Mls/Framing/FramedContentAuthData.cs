using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Framing;

/// <summary>
/// What authenticates framed content (RFC 9420 §6.1):
/// <code>
/// struct {
///     opaque signature&lt;V&gt;;
///     select (FramedContent.content_type) { case commit: MAC confirmation_tag; case application: case proposal: struct{}; };
/// } FramedContentAuthData;
/// </code>
/// </summary>
internal readonly record struct FramedContentAuthData(ReadOnlyMemory<byte> Signature, ReadOnlyMemory<byte> ConfirmationTag)
{
    public static bool TryRead(ref Reader reader, ContentType contentType, out FramedContentAuthData auth)
    {
        ReadOnlyMemory<byte> confirmationTag = default;
        bool read = reader.TryReadVector(out ReadOnlyMemory<byte> signature)
            && (contentType != ContentType.Commit || reader.TryReadVector(out confirmationTag));
        auth = new FramedContentAuthData(signature, confirmationTag);
        return read;
    }

    public void Write(ref Writer writer, ContentType contentType)
    {
        writer.WriteVector(Signature);
        if (contentType == ContentType.Commit)
        {
            writer.WriteVector(ConfirmationTag);
        }
    }
}
