using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <content>From a message that was received to content whose sender is verified (RFC 9420 §6).</content>
public sealed partial class Group
{
    private RatchetLimits Limits => new((uint)Math.Max(0, _client.Retention.GenerationsAheadMax), (uint)Math.Max(0, _client.Retention.SkippedKeysMax));

    private MlsError? TryUnprotect(MlsMessage message, out Unprotected? unprotected)
    {
        if (message.PublicMessage is { } open)
        {
            return TryVerify(open, out unprotected);
        }
        var keys = new EpochKeys(_state.Context, _state.Secrets.SenderData, _state.SecretTree, _state.Tree.Leaf);
        return TryDecrypt(keys, message.PrivateMessage!, out unprotected);
    }

    /// <summary>A PublicMessage (RFC 9420 §6.2): who may say it, that it is a member's, and that it is signed.</summary>
    private MlsError? TryVerify(PublicMessage message, out Unprotected? unprotected)
    {
        unprotected = null;
        FramedContent framed = message.Content;
        var content = new AuthenticatedContent(WireFormat.PublicMessage, framed, message.Auth);
        if (framed.ContentType == ContentType.Application)
        {
            return Rule.ApplicationNotEncrypted; // RFC 9420 §6
        }
        if (TryFindKey(framed, out ReadOnlyMemory<byte> signatureKey) is { } error)
        {
            return error;
        }
        if (framed.Sender.Type == SenderType.Member
            && !content.VerifyMembershipTag(_crypto, _state.Secrets.MembershipKey.Span, _state.Context, message.MembershipTag.Span))
        {
            return Rule.MembershipTag; // RFC 9420 §6.2
        }
        if (!content.VerifySignature(_crypto, _state.Context, signatureKey.Span))
        {
            return Rule.MessageSignature; // RFC 9420 §6.1
        }
        if (framed.Sender == Sender.Member(OwnLeafIndex))
        {
            return IsOwn(framed.ContentType, out unprotected);
        }
        unprotected = new Unprotected(Epoch) { Content = content };
        return null;
    }

    /// <summary>The key that must have signed, by the kind of sender (RFC 9420 §6.1), and what that kind may send.</summary>
    private MlsError? TryFindKey(FramedContent content, out ReadOnlyMemory<byte> signatureKey)
    {
        signatureKey = default;
        switch (content.Sender.Type)
        {
            case SenderType.Member:
                LeafNode? leaf = _state.Tree.Leaf(content.Sender.Index);
                signatureKey = leaf?.SignatureKey ?? default;
                return leaf is null ? Rule.SenderBlank : null; // RFC 9420 §6.1
            case SenderType.External:
                if (content.Proposal is null)
                {
                    return Rule.SenderNotAllowed; // RFC 9420 §6.1
                }
                IReadOnlyList<ExternalSender> senders = _state.Requirements.ExternalSenders;
                if (content.Sender.Index >= senders.Count)
                {
                    return Rule.ExternalSenderUnknown; // RFC 9420 §12.1.8.1
                }
                signatureKey = senders[(int)content.Sender.Index].SignatureKey;
                return null;
            case SenderType.NewMemberProposal:
                signatureKey = (content.Proposal as AddProposal)?.KeyPackage.LeafNode.SignatureKey ?? default;
                return content.Proposal is AddProposal ? null : Rule.SenderNotAllowed; // RFC 9420 §6.1
            default:
                if (content.Commit is null)
                {
                    return Rule.SenderNotAllowed; // RFC 9420 §6.1
                }
                signatureKey = content.Commit.Path?.LeafNode.SignatureKey ?? default;
                return content.Commit.Path is null ? Rule.ExternalCommitPath : null; // RFC 9420 §12.4.3.2
        }
    }

    /// <summary>A PrivateMessage (RFC 9420 §6.3): decrypted with the sender's next key, which is not used up yet, and verified.</summary>
    private MlsError? TryDecrypt(EpochKeys keys, PrivateMessage message, out Unprotected? unprotected)
    {
        unprotected = null;
        if (MessageProtection.TryReadSenderData(_crypto, message, keys.SenderData.Span, out SenderData senderData) is { } error)
        {
            return error;
        }
        if (keys.LeafAt(senderData.LeafIndex) is not { } leaf || senderData.LeafIndex >= keys.SecretTree.Width)
        {
            return Rule.SenderBlank; // RFC 9420 §6.3.2
        }
        if (senderData.LeafIndex == OwnLeafIndex)
        {
            return IsOwn(message.ContentType, out unprotected);
        }
        RatchetKind kind = message.ContentType == ContentType.Application ? RatchetKind.Application : RatchetKind.Handshake;
        MlsError? ratchetError = keys.SecretTree.TryPrepareReceive(_crypto, senderData.LeafIndex, kind, senderData.Generation, Limits, out RatchetStep? step);
        if (ReferenceEquals(ratchetError, Rule.GenerationConsumed))
        {
            unprotected = new Unprotected(message.Epoch) { Outcome = NotProcessedReason.Duplicate };
            return null;
        }
        if (ratchetError is not null)
        {
            return ratchetError;
        }
        MlsError? decryptError = MessageProtection.TryDecrypt(_crypto, message, senderData, step!.Key, out AuthenticatedContent? content);
        if (decryptError is null && !content!.VerifySignature(_crypto, keys.Context, leaf.SignatureKey.Span))
        {
            decryptError = Rule.MessageSignature; // RFC 9420 §6.1
        }
        if (decryptError is not null)
        {
            step.Dispose();
            return decryptError;
        }
        unprotected = new Unprotected(message.Epoch) { Content = content, SenderData = senderData, Step = step, Tree = keys.SecretTree };
        return null;
    }

    /// <summary>An own message comes back. A commit that is not the pending one means that this member exists twice, or dropped too early.</summary>
    private static MlsError? IsOwn(ContentType type, out Unprotected? unprotected)
    {
        unprotected = new Unprotected(0) { Outcome = NotProcessedReason.OwnMessage };
        return type == ContentType.Commit ? Rule.CommitOfOtherSelf : null; // RFC 9420 §14
    }
}
