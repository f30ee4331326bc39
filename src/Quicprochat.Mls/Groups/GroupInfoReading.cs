using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>What a joiner checks of a group before it is in it, by Welcome or by external commit (RFC 9420 §12.4.3).</summary>
internal sealed class GroupInfoReading
{
    private GroupInfoReading(GroupInfo info, RatchetTree tree, GroupView view)
    {
        Info = info;
        Tree = tree;
        View = view;
    }

    public GroupInfo Info { get; }

    public RatchetTree Tree { get; }

    public GroupView View { get; }

    /// <summary>All checks; <paramref name="replaces"/> where the client takes its own old place in the group, which it may still be in.</summary>
    public static MlsError? TryRead(
        (MlsClient Client, MlsCrypto Crypto, long NowSeconds) joiner, GroupInfo info, ReadOnlyMemory<byte>? givenTree, bool replaces, out GroupInfoReading? reading)
    {
        reading = null;
        (MlsClient client, MlsCrypto crypto, long nowSeconds) = joiner;
        GroupContext context = info.GroupContext;
        if (context.Version != ProtocolVersion.Mls10)
        {
            return Rule.VersionUnknown; // RFC 9420 §11.1
        }
        if (context.Epoch == ulong.MaxValue)
        {
            return Rule.EpochExhausted; // RFC 9420 §8.1: no commit could follow.
        }
        if (context.CipherSuite != crypto.Suite.Id)
        {
            return Rule.WelcomeCipherSuite; // RFC 9420 §12.4.3.1
        }
        if (!replaces && client.Store.Read(RecordKey.Of(context.GroupId.Span, RecordKind.Group)) is not null)
        {
            return Rule.GroupIdInUse; // RFC 9420 §12.4.3.1
        }
        if (info.Extensions.HasDuplicates())
        {
            return Rule.DuplicateExtension; // RFC 9420 §13.4
        }
        MlsError? error = GroupRequirements.TryParse(context.Extensions, out GroupRequirements requirements);
        if (error is not null)
        {
            return error;
        }
        if (!context.Extensions.All(extension => client.Supports(extension.Type)))
        {
            return Rule.GroupExtensionUnsupported; // RFC 9420 §13.4
        }
        if (TryFindTree(info, givenTree, out RatchetTree? tree) is { } treeError)
        {
            return treeError;
        }
        var view = new GroupView
        {
            Client = client,
            Crypto = crypto,
            GroupId = context.GroupId,
            Tree = tree!,
            Requirements = requirements,
            NowSeconds = nowSeconds,
        };
        reading = new GroupInfoReading(info, tree!, view);
        return reading.CheckSignature() ?? reading.CheckTree();
    }

    /// <summary>The key for external commits (RFC 9420 §12.4.3.2); null when the GroupInfo offers none.</summary>
    public ReadOnlyMemory<byte>? ExternalPub()
    {
        if (!Info.Extensions.TryFind(ExtensionType.ExternalPub, out ReadOnlyMemory<byte> data))
        {
            return null;
        }
        var reader = new Reader(data);
        return reader.TryReadVector(out ReadOnlyMemory<byte> key) && reader.IsAtEnd ? (ReadOnlyMemory<byte>?)key : null;
    }

    private static MlsError? TryFindTree(GroupInfo info, ReadOnlyMemory<byte>? given, out RatchetTree? tree)
    {
        tree = null;
        ReadOnlyMemory<byte> bytes = given?.ToArray();
        if (info.Extensions.TryFind(ExtensionType.RatchetTree, out ReadOnlyMemory<byte> inside))
        {
            bytes = inside;
        }
        else if (bytes.IsEmpty)
        {
            return Rule.TreeMissing; // RFC 9420 §12.4.3.1
        }
        return RatchetTree.TryParse(bytes, out tree) ? null : Rule.TreeMalformed; // RFC 9420 §12.4.3.3
    }

    private MlsError? CheckSignature() =>
        Tree.Leaf(Info.Signer) is { } signer && Info.VerifySignature(View.Crypto, signer.SignatureKey.Span) ? null : Rule.GroupInfoSignature; // RFC 9420 §12.4.3.1

    private MlsError? CheckTree()
    {
        if (!Tree.Root.TreeHash(View.Crypto).SequenceEqual(Info.GroupContext.TreeHash.Span))
        {
            return Rule.TreeHash; // RFC 9420 §12.4.3.1
        }
        if ((TreeValidation.Check(View.Crypto, Tree) ?? LeafRules.CheckTogether(Tree)) is { } error)
        {
            return error;
        }
        foreach ((uint index, LeafNode leaf) in Tree.Members())
        {
            if ((LeafRules.Check(View, leaf, index, source: null) ?? CredentialRules.Check(View, CredentialPlace.GroupToJoin, leaf)) is { } leafError)
            {
                return leafError;
            }
        }
        return CredentialRules.CheckExternalSenders(View, View.Requirements.ExternalSenders, []);
    }
}
