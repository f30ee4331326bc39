using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>When a leaf node is valid (RFC 9420 §7.3). What depends on the other members is in <see cref="CheckTogether"/>.</summary>
internal static class LeafRules
{
    /// <summary>Everything a leaf can be asked by itself. The source is null where any will do, in a tree.</summary>
    public static MlsError? Check(GroupView view, LeafNode leaf, uint leafIndex, LeafNodeSource? source)
    {
        if (source is not null && leaf.Source != source)
        {
            return Rule.LeafSource; // RFC 9420 §7.3
        }
        return CheckFields(view, leaf)
            ?? view.Requirements.Check(leaf.Capabilities)
            ?? (leaf.Source == LeafNodeSource.KeyPackage ? CheckLifetime(view, leaf.Lifetime, inTree: source is null) : null)
            ?? CheckKeys(view.Crypto, leaf)
            ?? CheckSignature(view, leaf, leafIndex, source);
    }

    /// <summary>A leaf that replaces another (RFC 9420 §7.3, §12.4.2).</summary>
    public static MlsError? CheckSuccessor(LeafNode leaf, LeafNode replaced) =>
        leaf.EncryptionKey.Span.SequenceEqual(replaced.EncryptionKey.Span) ? Rule.EncryptionKeyUnchanged : null; // RFC 9420 §7.3

    /// <summary>What only shows when all leaves are in their places: unique keys, and credential types everyone supports.</summary>
    public static MlsError? CheckTogether(RatchetTree tree)
    {
        if (tree.SignatureKeys.Repeated > 0)
        {
            return Rule.SignatureKeyReused; // RFC 9420 §7.3
        }
        if (tree.EncryptionKeys.Repeated > 0)
        {
            return Rule.EncryptionKeyReused; // RFC 9420 §7.3
        }
        foreach (CredentialType type in tree.Capabilities.CredentialsInUse.Keys)
        {
            if (!tree.AllSupport(type))
            {
                return Rule.LeafCredentialUnsupported; // RFC 9420 §7.3
            }
        }
        return null;
    }

    private static MlsError? CheckFields(GroupView view, LeafNode leaf)
    {
        Capabilities capabilities = leaf.Capabilities;
        if (!capabilities.Versions.Contains(ProtocolVersion.Mls10))
        {
            return Rule.LeafVersion; // RFC 9420 §11.1
        }
        if (!capabilities.CipherSuites.Contains(view.Crypto.Suite.Id))
        {
            return Rule.LeafCipherSuite; // RFC 9420 §11.1
        }
        if (!capabilities.Supports(leaf.Credential.Type))
        {
            return Rule.LeafCredentialNotListed; // RFC 9420 §7.2
        }
        if (leaf.Extensions.HasDuplicates())
        {
            return Rule.DuplicateExtension; // RFC 9420 §13.4
        }
        return leaf.Extensions.All(extension => capabilities.Supports(extension.Type)) ? null : Rule.LeafExtensionNotListed; // RFC 9420 §7.3
    }

    private static MlsError? CheckLifetime(GroupView view, Lifetime lifetime, bool inTree)
    {
        LifetimePolicy policy = view.Client.Lifetimes;
        if (lifetime.NotAfter < lifetime.NotBefore)
        {
            return Rule.LeafLifetime; // RFC 9420 §7.3
        }
        if (lifetime.NotAfter - lifetime.NotBefore > policy.MaxSeconds)
        {
            return Rule.LeafLifetimeTooLong; // RFC 9420 §7.2
        }
        bool check = !inTree || policy.CheckTree;
        ulong skew = view.Sending ? 0 : policy.SkewSeconds;
        return !check || lifetime.Covers((ulong)Math.Max(0, view.NowSeconds), skew) ? null : Rule.LeafLifetime; // RFC 9420 §7.3
    }

    /// <summary>A key that others cannot encrypt to would make every commit of theirs fail.</summary>
    private static MlsError? CheckKeys(MlsCrypto crypto, LeafNode leaf) =>
        crypto.Kem.IsValidPublicKey(leaf.EncryptionKey.Span) && crypto.Signature.IsValidPublicKey(leaf.SignatureKey.Span)
            ? null
            : Rule.PublicKeyInvalid; // RFC 9420 §10

    private static MlsError? CheckSignature(GroupView view, LeafNode leaf, uint leafIndex, LeafNodeSource? source)
    {
        // The leaf of a key package is verified together with the key package, once.
        bool elsewhere = source == LeafNodeSource.KeyPackage;
        return elsewhere || leaf.VerifySignature(view.Crypto, view.GroupId.Span, leafIndex) ? null : Rule.LeafSignature; // RFC 9420 §7.3
    }
}
