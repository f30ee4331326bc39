using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>Processes a commit whose signature has been verified (RFC 9420 §12.4.2), up to the epoch it begins. It changes nothing.</summary>
internal sealed class CommitReading
{
    public required GroupView View { get; init; }

    public required EpochState State { get; init; }

    public required AuthenticatedContent Content { get; init; }

    /// <summary>The proposals of the commit, references resolved.</summary>
    public required IReadOnlyList<CommittedProposal> Proposals { get; init; }

    /// <summary>The private half of this member's own Update, should the commit cover it.</summary>
    public required Func<ReceivedProposal, OwnUpdate?> FindOwnUpdate { get; init; }

    public required PskLookup.Find FindPsk { get; init; }

    private MlsCrypto Crypto => View.Crypto;

    private Commit Commit => Content.Content.Commit!;

    private bool Joins => Content.Content.Sender.Type == SenderType.NewMemberCommit;

    /// <summary>The new epoch; null when the commit removes this client, which then cannot follow and need not.</summary>
    public MlsError? TryRead(out EpochState? next, out EpochChange? change)
    {
        next = null;
        change = null;
        if (State.Epoch == ulong.MaxValue)
        {
            return Rule.EpochExhausted; // RFC 9420 §8.1
        }
        MlsError? error = Joins
            ? ProposalRules.CheckExternalList(View, Proposals)
            : ProposalRules.CheckList(View, Proposals, Content.Content.Sender.Index);
        if (error is not null)
        {
            return error;
        }
        if (Commit.Path is null && (Joins || ProposalRules.NeedsPath(Proposals)))
        {
            return Joins ? Rule.ExternalCommitPath : Rule.PathMissing; // RFC 9420 §12.4, §12.4.3.2
        }
        AppliedProposals applied = AppliedProposals.Apply(View, Proposals);
        uint committer = Joins ? applied.Editor.TakeBlankLeaf() : Content.Content.Sender.Index;
        bool removed = applied.Removed.Exists(member => member.LeafIndex == State.OwnLeaf);
        List<FilteredPathNode> path = TreeKem.FilteredPath(applied.Editor.Root, committer);
        if (Commit.Path is { } update && MergePath(applied, committer, path, update) is { } pathError)
        {
            return pathError;
        }
        RatchetTree tree = applied.Editor.ToTree();
        MlsError? treeError = LeafRules.CheckTogether(tree) ?? (applied.ExtensionsChanged ? applied.Requirements.Check(tree) : null);
        if (treeError is not null)
        {
            return treeError;
        }
        change = Describe(applied, committer, tree, removed);
        return removed ? null : TryFollow(applied, tree, path, out next);
    }

    /// <summary>RFC 9420 §12.4.2: validates the path against the tree the proposals made, and puts it in.</summary>
    private MlsError? MergePath(AppliedProposals applied, uint committer, List<FilteredPathNode> path, UpdatePath update)
    {
        // A joiner that removes its old appearance replaces that leaf; a member replaces its own (RFC 9420 §12.2).
        LeafNode? replaced = Joins
            ? (applied.Removed.Count > 0 ? applied.Removed[0].LeafNode : null)
            : applied.Editor.Leaf(committer);
        MlsError? error = TreeKem.CheckShape(update, path, applied.NewLeaves)
            ?? LeafRules.Check(View with { Requirements = applied.Requirements }, update.LeafNode, committer, LeafNodeSource.Commit)
            ?? (replaced is null ? null : LeafRules.CheckSuccessor(update.LeafNode, replaced))
            ?? CheckKeys(applied.Editor, update)
            ?? CredentialRules.Check(View, CredentialPlace.CommitPath, update.LeafNode, replaced);
        if (error is not null)
        {
            return error;
        }
        byte[] parentHash = TreeKem.MergePath(
            Crypto, applied.Editor, committer, path, [.. update.Nodes.Select(static node => (ReadOnlyMemory<byte>)node.EncryptionKey.ToArray())]);
        if (!update.LeafNode.ParentHash.Span.SequenceEqual(parentHash))
        {
            return Rule.PathParentHash; // RFC 9420 §7.9.2
        }
        applied.Editor.SetLeaf(committer, update.LeafNode.Detached());
        return null;
    }

    /// <summary>RFC 9420 §12.4.2: no key of the path is anywhere in the tree. And each is one that can be encrypted to.</summary>
    private MlsError? CheckKeys(TreeEditor editor, UpdatePath update)
    {
        if (editor.ContainsEncryptionKey(update.LeafNode.EncryptionKey))
        {
            return Rule.PathKeyReused; // RFC 9420 §12.4.2
        }
        foreach (UpdatePathNode node in update.Nodes)
        {
            if (editor.ContainsEncryptionKey(node.EncryptionKey))
            {
                return Rule.PathKeyReused; // RFC 9420 §12.4.2
            }
            if (!Crypto.Kem.IsValidPublicKey(node.EncryptionKey.Span))
            {
                return Rule.PublicKeyInvalid; // RFC 9420 §5.1.1
            }
        }
        return null;
    }

    private MlsError? TryFollow(AppliedProposals applied, RatchetTree tree, List<FilteredPathNode> path, out EpochState? next)
    {
        next = null;
        (PrivateKeys keys, SigningIdentity identity) = OwnKeys(applied, tree);
        GroupContext provisional = State.Context.Next(tree.TreeHash(Crypto), State.Context.ConfirmedTranscriptHash, applied.Requirements.Extensions);
        Secret commitSecret;
        if (Commit.Path is { } update)
        {
            MlsError? error = TreeKem.TryDecrypt(Crypto, update, path, (provisional, applied.NewLeaves), keys, out PathSecrets? secrets, out int place);
            using (secrets)
            {
                if (error is not null)
                {
                    Discard(keys, identity);
                    return error;
                }
                keys = secrets!.GiveKeys(keys, path.Skip(place).Select(static node => node.Level));
                commitSecret = secrets.CommitSecret.Clone();
            }
        }
        else
        {
            commitSecret = Crypto.Zero();
        }
        using (commitSecret)
        {
            MlsError? error = TryConfirm(applied, tree, provisional, (keys, identity, commitSecret), out next);
            if (error is not null)
            {
                Discard(keys, identity);
            }
            return error;
        }
    }

    /// <summary>Zeroes what a commit that is refused would have brought.</summary>
    private void Discard(PrivateKeys keys, SigningIdentity identity)
    {
        keys.DisposeExcept(State.PrivateKeys);
        if (!ReferenceEquals(identity, State.Identity))
        {
            identity.Dispose();
        }
    }

    private MlsError? TryConfirm(
        AppliedProposals applied, RatchetTree tree, GroupContext provisional, (PrivateKeys Keys, SigningIdentity Identity, Secret CommitSecret) own, out EpochState? next)
    {
        next = null;
        Secret? externalInit = null;
        if (applied.KemOutput is { } kemOutput)
        {
            externalInit = Crypto.TryImportInitSecret(State.Secrets.External, kemOutput.Span);
            if (externalInit is null)
            {
                return Rule.ExternalCommitInit; // RFC 9420 §8.3
            }
        }
        using (externalInit)
        {
            if (PskLookup.TryDerive(Crypto, applied.Psks, FindPsk, out Secret? pskSecret) is { } pskError)
            {
                return pskError;
            }
            using (pskSecret)
            {
                byte[] confirmed = TranscriptHash.Confirmed(
                    Crypto, State.InterimTranscriptHash.Span, Content.Format, Content.Content, Content.Auth.Signature.Span);
                GroupContext context = provisional.WithConfirmedTranscriptHash(confirmed);
                using EpochDerivation derivation = EpochDerivation.Derive(
                    Crypto, externalInit ?? State.Secrets.Init, own.CommitSecret, pskSecret!, context);
                ReadOnlyMemory<byte> tag = Content.Auth.ConfirmationTag;
                if (!Crypto.VerifyMac(derivation.Secrets.ConfirmationKey.Span, confirmed, tag.Span))
                {
                    derivation.Discard();
                    return Rule.ConfirmationTag; // RFC 9420 §6.1
                }
                next = new EpochState
                {
                    Context = context,
                    Requirements = applied.Requirements,
                    Tree = tree,
                    Secrets = derivation.Secrets,
                    SecretTree = SecretTree.Begin(tree.Width, derivation.EncryptionSecret),
                    PrivateKeys = own.Keys,
                    Identity = own.Identity,
                    ConfirmationTag = tag,
                    InterimTranscriptHash = TranscriptHash.Interim(Crypto, confirmed, tag.Span),
                    ReInit = applied.ReInit,
                };
                return null;
            }
        }
    }

    /// <summary>This member's keys in the new tree: an Update of its own that the commit covers changes the leaf's.</summary>
    private (PrivateKeys Keys, SigningIdentity Identity) OwnKeys(AppliedProposals applied, RatchetTree tree)
    {
        PrivateKeys keys = State.PrivateKeys.Kept(State.Tree, tree);
        SigningIdentity identity = State.Identity;
        if (applied.Updated.Contains(State.OwnLeaf))
        {
            CommittedProposal own = Proposals.First(item => item.Proposal is UpdateProposal && item.Sender == Sender.Member(State.OwnLeaf));
            if (own.Received is not null && FindOwnUpdate(own.Received) is { } update)
            {
                keys = keys.With(0, update.EncryptionKey.Clone());
                identity = update.Identity?.Clone() ?? identity;
            }
        }
        return (keys, identity);
    }

    private EpochChange Describe(AppliedProposals applied, uint committer, RatchetTree tree, bool removed)
    {
        IEnumerable<uint> added = applied.Added.Select(static item => item.Leaf);
        IEnumerable<uint> updated = applied.Updated;
        if (Joins)
        {
            added = added.Append(committer);
        }
        else if (Commit.Path is not null)
        {
            updated = updated.Append(committer);
        }
        return new EpochChange
        {
            Epoch = State.Epoch + 1,
            Committer = Content.Content.Sender,
            CommitterLeaf = committer,
            Added = [.. added.Select(leaf => new Member(leaf, tree.Leaf(leaf)!))],
            Removed = applied.Removed,
            Updated = [.. updated.Select(leaf => new Member(leaf, tree.Leaf(leaf)!))],
            Proposals = [.. Proposals.Select(static item => item.Proposal)],
            ExtensionsChanged = applied.ExtensionsChanged,
            ReInit = applied.ReInit,
            RemovedSelf = removed,
        };
    }
}
