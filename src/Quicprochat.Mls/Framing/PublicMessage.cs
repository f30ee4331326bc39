using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Framing;

/// <summary>
/// Content that is signed and not encrypted (RFC 9420 §6.2):
/// <code>
/// struct {
///     FramedContent content;
///     FramedContentAuthData auth;
///     select (PublicMessage.content.sender.sender_type) {
///         case member: MAC membership_tag;
///         case external: case new_member_commit: case new_member_proposal: struct{};
///     };
/// } PublicMessage;
/// </code>
/// </summary>
internal sealed class PublicMessage(FramedContent content, FramedContentAuthData auth, ReadOnlyMemory<byte> membershipTag)
{
    public FramedContent Content { get; } = content;

    public FramedContentAuthData Auth { get; } = auth;

    public ReadOnlyMemory<byte> MembershipTag { get; } = membershipTag;

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out PublicMessage? message)
    {
        message = null;
        ReadOnlyMemory<byte> membershipTag = default;
        if (!FramedContent.TryRead(ref reader, out FramedContent? content)
            || !FramedContentAuthData.TryRead(ref reader, content.ContentType, out FramedContentAuthData auth)
            || (content.Sender.Type == SenderType.Member && !reader.TryReadVector(out membershipTag)))
        {
            return false;
        }
        message = new PublicMessage(content, auth, membershipTag);
        return true;
    }

    public void Write(ref Writer writer)
    {
        Content.Write(ref writer);
        Auth.Write(ref writer, Content.ContentType);
        if (Content.Sender.Type == SenderType.Member)
        {
            writer.WriteVector(MembershipTag);
        }
    }
}
