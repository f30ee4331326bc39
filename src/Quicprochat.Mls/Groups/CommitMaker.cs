using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>Makes a commit (RFC 9420 §12.4.1), of a member or of a client that joins by it. It changes nothing.</summary>
internal sealed record CommitMaker
{
    public required GroupView View { get; init; }

    public required GroupContext Context { get; init; }

    public required ReadOnlyMemory<byte> InterimTranscriptHash { get; init; }

    /// <summary>The init secret for the new epoch: the old epoch's, or the one an external commit brings.</summary>
    public required Secret InitSecret { get; init; }

    public required IReadOnlyList<CommittedProposal> Proposals { get; init; }

    /// <summary>The epoch the committer is in; null when it joins by the commit.</summary>
    public required EpochState? Base { get; init; }

    /// <summary>Signs the commit.</summary>
    public required SigningIdentity Signer { get; init; }

    /// <summary>Signs from the new epoch on.</summary>
    public required SigningIdentity NewIdentity { get; init; }

    /// <summary>What the committer's leaf says; the keys, the credential and the parent hash are put in.</summary>
    public required LeafNodeFields Leaf { get; init; }

    public required WireFormat Format { get; init; }

    public required ReadOnlyMemory<byte> AuthenticatedData { get; init; }

    public required bool AlwaysPath { get; init; }

    public required PskLookup.Find FindPsk { get; init; }

    private MlsCrypto Crypto => View.Crypto;

    private PrivateKeys? OwnKeys => Base?.PrivateKeys;

    private bool Joins => Base is null;

    public MlsError? TryMake(out CommitDraft? draft)
    {
        draft = null;
        if (Context.Epoch == ulong.MaxValue)
        {
            return Rule.EpochExhausted; // RFC 9420 §8.1
        }
        MlsError? error = Joins ? ProposalRules.CheckExternalList(View, Proposals) : ProposalRules.CheckList(View, Proposals, OwnKeys!.Leaf);
        if (error is not null)
        {
            return error;
        }
        AppliedProposals applied = AppliedProposals.Apply(View, Proposals);
        uint leaf = Joins ? applied.Editor.TakeBlankLeaf() : OwnKeys!.Leaf;
        bool custom = Proposals.Any(static item => item.Proposal is CustomProposal);
        bool withPath = ProposalRules.NeedsPath(Proposals) || custom || (AlwaysPath && applied.ReInit is null);
        MlsError? pskError = PskLookup.TryDerive(Crypto, applied.Psks, FindPsk, out Secret? pskSecret);
        if (pskError is not null)
        {
            return pskError;
        }
        using (pskSecret)
        {
            return withPath ? MakeWithPath(applied, leaf, pskSecret!, out draft) : MakeWithoutPath(applied, pskSecret!, out draft);
        }
    }

    private MlsError? MakeWithoutPath(AppliedProposals applied, Secret pskSecret, out CommitDraft? draft)
    {
        draft = null;
        RatchetTree tree = applied.Editor.ToTree();
        if (CheckTree(applied, tree) is { } error)
        {
            return error;
        }
        GroupContext provisional = Context.Next(tree.TreeHash(Crypto), Context.ConfirmedTranscriptHash, applied.Requirements.Extensions);
        using Secret commitSecret = Crypto.Zero();
        var made = new Made(applied, tree, provisional, [], null, OwnKeys!.Kept(View.Tree, tree), Signer);
        draft = Finish(made, null, commitSecret, pskSecret);
        return null;
    }

    private MlsError? MakeWithPath(AppliedProposals applied, uint leaf, Secret pskSecret, out CommitDraft? draft)
    {
        draft = null;
        List<FilteredPathNode> path = TreeKem.FilteredPath(applied.Editor.Root, leaf);
        (Secret leafKey, byte[] leafPublic) = Crypto.GenerateKeyPair(View.Client.Random);
        using Secret first = Secret.Random(Crypto.HashSize, View.Client.Random);
        PathSecrets secrets = PathSecrets.Derive(Crypto, first, path.Count);
        byte[] parentHash = TreeKem.MergePath(Crypto, applied.Editor, leaf, path, [.. secrets.PublicKeys.Select(static key => (ReadOnlyMemory<byte>)key)]);
        LeafNodeFields fields = Leaf with
        {
            EncryptionKey = leafPublic,
            SignatureKey = NewIdentity.SignatureKey,
            Credential = NewIdentity.Credential,
            Source = LeafNodeSource.Commit,
            ParentHash = parentHash,
        };
        LeafNode leafNode = LeafNode.Sign(fields, Crypto, NewIdentity.PrivateKey.Span, View.GroupId.Span, leaf);
        applied.Editor.SetLeaf(leaf, leafNode);
        RatchetTree tree = applied.Editor.ToTree();
        if ((LeafRules.Check(View with { Requirements = applied.Requirements }, leafNode, leaf, LeafNodeSource.Commit) ?? CheckTree(applied, tree)) is { } error)
        {
            return Abandon(leafKey, secrets, error);
        }

        // The path secrets are bound to the context of the epoch to come, as far as it is known (RFC 9420 §12.4.1).
        GroupContext provisional = Context.Next(tree.TreeHash(Crypto), Context.ConfirmedTranscriptHash, applied.Requirements.Extensions);
        UpdatePathNode[]? nodes = TreeKem.Encrypt(Crypto, path, secrets, (provisional, applied.NewLeaves), View.Client.Random);
        if (nodes is null)
        {
            return Abandon(leafKey, secrets, Rule.PublicKeyInvalid); // RFC 9420 §5.1.1
        }
        PrivateKeys keys = (OwnKeys?.Kept(View.Tree, tree) ?? PrivateKeys.Of(leaf, leafKey)).With(0, leafKey);
        keys = secrets.GiveKeys(keys, path.Select(static node => node.Level));
        var made = new Made(applied, tree, provisional, path, secrets, keys, NewIdentity);
        draft = Finish(made, new UpdatePath(leafNode, nodes), secrets.CommitSecret, pskSecret);
        return null;
    }

    private static MlsError Abandon(Secret leafKey, PathSecrets secrets, MlsError error)
    {
        leafKey.Dispose();
        secrets.Dispose();
        return error;
    }

    private static MlsError? CheckTree(AppliedProposals applied, RatchetTree tree) =>
        LeafRules.CheckTogether(tree) ?? (applied.ExtensionsChanged ? applied.Requirements.Check(tree) : null);

    private CommitDraft Finish(Made made, UpdatePath? update, Secret commitSecret, Secret pskSecret)
    {
        var commit = new Commit([.. Proposals.Select(static item => item.ToProposalOrRef())], update);
        var body = new Writer(commit.LengthMax);
        commit.Write(ref body);
        Sender sender = Joins ? new Sender(SenderType.NewMemberCommit, 0) : Sender.Member(OwnKeys!.Leaf);
        var header = new FramedContentHeader(Context.GroupId, Context.Epoch, sender, AuthenticatedData, ContentType.Commit);
        if (!FramedContent.TryCompose(header, body.Written, out FramedContent? framed))
        {
            throw new InvalidOperationException("A commit was written wrongly.");
        }
        AuthenticatedContent content = AuthenticatedContent.Sign(Crypto, Format, framed, Context, Signer.PrivateKey.Span);
        byte[] confirmed = TranscriptHash.Confirmed(Crypto, InterimTranscriptHash.Span, Format, framed, content.Auth.Signature.Span);
        GroupContext context = made.Provisional.WithConfirmedTranscriptHash(confirmed);
        EpochDerivation derivation = EpochDerivation.Derive(Crypto, InitSecret, commitSecret, pskSecret, context);
        byte[] tag = Crypto.Mac(derivation.Secrets.ConfirmationKey.Span, confirmed);
        return new CommitDraft
        {
            Content = content.WithConfirmationTag(tag),
            Applied = made.Applied,
            Derivation = derivation,
            Path = made.Path,
            PathSecrets = made.Secrets,
            Base = Base,
            Next = new EpochState
            {
                Context = context,
                Requirements = made.Applied.Requirements,
                Tree = made.Tree,
                Secrets = derivation.Secrets,
                SecretTree = SecretTree.Begin(made.Tree.Width, derivation.EncryptionSecret),
                PrivateKeys = made.Keys,
                Identity = made.Identity,
                ConfirmationTag = tag,
                InterimTranscriptHash = TranscriptHash.Interim(Crypto, confirmed, tag),
                ReInit = made.Applied.ReInit,
            },
        };
    }

    private sealed record Made(
        AppliedProposals Applied,
        RatchetTree Tree,
        GroupContext Provisional,
        List<FilteredPathNode> Path,
        PathSecrets? Secrets,
        PrivateKeys Keys,
        SigningIdentity Identity);
}
