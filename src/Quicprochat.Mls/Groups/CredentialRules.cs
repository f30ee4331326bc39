using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>Asks the application about a credential at every place RFC 9420 §5.3.1 names.</summary>
internal static class CredentialRules
{
    /// <summary>The credential of a leaf; one that replaces a leaf of the same credential and key is nothing new.</summary>
    public static MlsError? Check(GroupView view, CredentialPlace place, LeafNode leaf, LeafNode? replaced = null)
    {
        if (replaced is not null
            && replaced.Credential.SequenceEqual(leaf.Credential)
            && replaced.SignatureKey.Span.SequenceEqual(leaf.SignatureKey.Span))
        {
            return null;
        }
        return Check(view, new CredentialCheck
        {
            Place = place,
            GroupId = view.GroupId,
            Credential = leaf.Credential,
            SignatureKey = leaf.SignatureKey,
            LeafNode = leaf,
            Replaced = replaced,
            NowSeconds = view.NowSeconds,
        });
    }

    /// <summary>Every external sender that was not there before.</summary>
    public static MlsError? CheckExternalSenders(GroupView view, IReadOnlyList<ExternalSender> senders, IReadOnlyList<ExternalSender> before)
    {
        foreach (ExternalSender sender in senders)
        {
            bool known = before.Any(old => old.SignatureKey.Span.SequenceEqual(sender.SignatureKey.Span) && old.Credential.SequenceEqual(sender.Credential));
            MlsError? error = known ? null : Check(view, new CredentialCheck
            {
                Place = CredentialPlace.ExternalSender,
                GroupId = view.GroupId,
                Credential = sender.Credential,
                SignatureKey = sender.SignatureKey,
                NowSeconds = view.NowSeconds,
            });
            if (error is not null)
            {
                return error;
            }
        }
        return null;
    }

    private static MlsError? Check(GroupView view, CredentialCheck check)
    {
        if (check.Credential.Type == CredentialType.X509
            && (check.Credential.Certificates.Count == 0
                || !EndEntityKey.TryFind(check.Credential.Certificates[0].Span, out ReadOnlySpan<byte> key)
                || !key.SequenceEqual(check.SignatureKey.Span)))
        {
            return Rule.CredentialKey; // RFC 9420 §5.3
        }
        return view.Client.Authentication.Accept(check) ? null : Rule.CredentialRejected; // RFC 9420 §5.3.1
    }
}
