using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Framing;

/// <summary>
/// Content with what authenticates it (RFC 9420 §6):
/// <c>struct { WireFormat wire_format; FramedContent content; FramedContentAuthData auth; } AuthenticatedContent;</c>
/// </summary>
internal sealed class AuthenticatedContent(WireFormat format, FramedContent content, FramedContentAuthData auth)
{
    private const string SignatureLabel = "FramedContentTBS";

    public WireFormat Format { get; } = format;

    public FramedContent Content { get; } = content;

    public FramedContentAuthData Auth { get; } = auth;

    /// <summary>Signs content; the confirmation tag of a commit is added later, for it depends on the signature.</summary>
    public static AuthenticatedContent Sign(MlsCrypto crypto, WireFormat format, FramedContent content, GroupContext? context, ReadOnlySpan<byte> signatureKey)
    {
        byte[] signature = crypto.SignWithLabel(signatureKey, SignatureLabel, ToBeSigned(format, content, context));
        return new AuthenticatedContent(format, content, new FramedContentAuthData(signature, default));
    }

    public AuthenticatedContent WithConfirmationTag(ReadOnlyMemory<byte> tag) => new(Format, Content, Auth with { ConfirmationTag = tag });

    public bool VerifySignature(MlsCrypto crypto, GroupContext? context, ReadOnlySpan<byte> signatureKey) =>
        crypto.VerifyWithLabel(signatureKey, SignatureLabel, ToBeSigned(Format, Content, context), Auth.Signature.Span);

    /// <summary>ProposalRef (RFC 9420 §5.2).</summary>
    public byte[] ComputeReference(MlsCrypto crypto) => crypto.RefHash("MLS 1.0 Proposal Reference", ToArray());

    /// <summary>The membership tag of a PublicMessage by a member (RFC 9420 §6.2).</summary>
    public byte[] ComputeMembershipTag(MlsCrypto crypto, ReadOnlySpan<byte> membershipKey, GroupContext context) =>
        crypto.Mac(membershipKey, ToBeMacced(context));

    public bool VerifyMembershipTag(MlsCrypto crypto, ReadOnlySpan<byte> membershipKey, GroupContext context, ReadOnlySpan<byte> tag) =>
        crypto.VerifyMac(membershipKey, ToBeMacced(context), tag);

    public byte[] ToArray()
    {
        var writer = new Writer(Content.Encoded.Length + 256);
        writer.WriteUInt16((ushort)Format);
        Content.Write(ref writer);
        Auth.Write(ref writer, Content.ContentType);
        return writer.ToArray();
    }

    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out AuthenticatedContent? value)
    {
        var reader = new Reader(bytes);
        value = null;
        if (!reader.TryReadUInt16(out ushort format)
            || !FramedContent.TryRead(ref reader, out FramedContent? content)
            || !FramedContentAuthData.TryRead(ref reader, content.ContentType, out FramedContentAuthData auth)
            || !reader.IsAtEnd)
        {
            return false;
        }
        value = new AuthenticatedContent((WireFormat)format, content, auth);
        return true;
    }

    /// <summary>AuthenticatedContentTBM.</summary>
    private ReadOnlySpan<byte> ToBeMacced(GroupContext context)
    {
        var writer = new Writer(Content.Encoded.Length + context.Encoded.Length + 256);
        WriteToBeSigned(ref writer, Format, Content, context);
        Auth.Write(ref writer, Content.ContentType);
        return writer.Written;
    }

    private static ReadOnlySpan<byte> ToBeSigned(WireFormat format, FramedContent content, GroupContext? context)
    {
        var writer = new Writer(content.Encoded.Length + (context?.Encoded.Length ?? 0) + 8);
        WriteToBeSigned(ref writer, format, content, context);
        return writer.Written;
    }

    /// <summary>FramedContentTBS: who is not a member does not sign the context, except when joining by a commit.</summary>
    private static void WriteToBeSigned(ref Writer writer, WireFormat format, FramedContent content, GroupContext? context)
    {
        writer.WriteUInt16((ushort)ProtocolVersion.Mls10);
        writer.WriteUInt16((ushort)format);
        content.Write(ref writer);
        if (content.Sender.Type is SenderType.Member or SenderType.NewMemberCommit)
        {
            (context ?? throw new ArgumentNullException(nameof(context))).Write(ref writer);
        }
    }
}
