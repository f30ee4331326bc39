using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <content>How a group begins (RFC 9420 §11).</content>
public sealed partial class Group
{
    /// <summary>A group of one, at epoch 0. Its cipher suite is the identity's.</summary>
    /// <param name="client">Who creates it.</param>
    /// <param name="identity">The creator's identity in it; its private key is copied.</param>
    /// <param name="nowSeconds">The present time, in seconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="options">What the creator decides.</param>
    public static Group Create(MlsClient client, SigningIdentity identity, long nowSeconds, GroupOptions? options = null)
    {
        Group group = Begin(client, identity, nowSeconds, options ?? new GroupOptions());
        RecordSet records = group.NewRecords();
        PutEpoch(records, null, group._state, group._crypto);
        group.Store(records);
        return group;
    }

    /// <summary>Fetch key packages of the members that go along; the new group's first commit adds them and proves its origin (RFC 9420 §11.3).</summary>
    /// <param name="keyPackages">Key packages of the other members of the subgroup.</param>
    /// <param name="nowSeconds">The present time.</param>
    /// <param name="options">What its creator decides; the extensions are the origin's when null.</param>
    /// <returns>The subgroup, with its first commit pending.</returns>
    public Group Branch(IReadOnlyList<KeyPackage> keyPackages, long nowSeconds, GroupOptions? options = null)
    {
        RequireActive();
        GroupOptions chosen = options ?? new GroupOptions { Extensions = Extensions };
        return Continue(ResumptionPskUsage.Branch, _state.Identity.Clone(), keyPackages, nowSeconds, chosen);
    }

    /// <summary>Starts the group that the ReInit of this one describes, with the same members (RFC 9420 §11.2).</summary>
    /// <param name="keyPackages">Key packages, for the new cipher suite, of all other members.</param>
    /// <param name="nowSeconds">The present time.</param>
    /// <param name="identity">This member's identity for the new cipher suite; the present one when null.</param>
    /// <returns>The new group, with its first commit pending.</returns>
    public Group StartReInitialized(IReadOnlyList<KeyPackage> keyPackages, long nowSeconds, SigningIdentity? identity = null)
    {
        RequireMember();
        ReInitProposal reInit = ReInit ?? throw new InvalidOperationException("The group has not been reinitialized.");
        SigningIdentity chosen = (identity ?? _state.Identity).Clone();
        MlsException.ThrowIf(reInit.Version != ProtocolVersion.Mls10 ? Rule.VersionUnknown : null);
        MlsException.ThrowIf(reInit.CipherSuite != chosen.CipherSuite.Id ? Rule.ReInitMismatch : null);
        var options = new GroupOptions { GroupId = reInit.GroupId, Extensions = reInit.Extensions };
        return Continue(ResumptionPskUsage.ReInit, chosen, keyPackages, nowSeconds, options);
    }

    private Group Continue(
        ResumptionPskUsage usage, SigningIdentity identity, IReadOnlyList<KeyPackage> keyPackages, long nowSeconds, GroupOptions options)
    {
        Group group = Begin(_client, identity, nowSeconds, options);
        MlsError? membersError = usage == ResumptionPskUsage.ReInit
            ? ResumptionRules.CheckReInitMembers(_client, _state.Tree, [identity.Credential, .. keyPackages.Select(static item => item.LeafNode.Credential)])
            : ResumptionRules.CheckBranchMembers(_client, _state.Tree, keyPackages.Select(static item => item.LeafNode.Credential));
        MlsException.ThrowIf(membersError);
        byte[] nonce = group.RandomNonce();
        Proposal psk = Proposal.PreSharedKey(PreSharedKeyId.Resumption(usage, GroupId, Epoch, nonce));
        Secret? FindOrigin(PreSharedKeyId id) => id.Usage == usage ? FindResumptionPsk(id.Epoch) : null;
        var commit = new CommitOptions { Proposals = [.. keyPackages.Select(Proposal.Add), psk] };
        RecordSet records = group.NewRecords();
        PutEpoch(records, null, group._state, group._crypto);
        group.CommitCore(nowSeconds, commit, (usage, FindOrigin, records));
        return group;
    }

    /// <summary>The group in memory: nothing is stored yet.</summary>
    private static Group Begin(MlsClient client, SigningIdentity identity, long nowSeconds, GroupOptions options)
    {
        MlsCrypto crypto = client.Crypto(identity.CipherSuite);
        byte[] randomId = new byte[crypto.HashSize];
        client.Random.Fill(randomId);
        ReadOnlyMemory<byte> groupId = options.GroupId is { IsEmpty: false } chosen ? chosen.ToArray() : randomId;
        MlsException.ThrowIf(client.Store.Read(RecordKey.Of(groupId.Span, RecordKind.Group)) is not null ? Rule.GroupIdInUse : null); // RFC 9420 §12.4.3
        MlsException.ThrowIf(GroupRequirements.TryParse(options.Extensions, out GroupRequirements requirements));
        MlsException.ThrowIf(options.Extensions.All(extension => client.Supports(extension.Type)) ? null : Rule.GroupExtensionUnsupported); // RFC 9420 §13.4

        (Secret leafKey, byte[] leafPublic) = crypto.GenerateKeyPair(client.Random);
        LeafNodeFields fields = client.MakeLeaf(identity, leafPublic, options.LeafExtensions, []) with { Lifetime = client.NewLifetime(nowSeconds) };
        LeafNode leaf = LeafNode.Sign(fields, crypto, identity.PrivateKey.Span, default, 0);
        RatchetTree tree = RatchetTree.Single(leaf);
        MlsException.ThrowIf(requirements.Check(leaf.Capabilities));
        GroupContext context = GroupContext.Initial(crypto.Suite.Id, groupId, tree.TreeHash(crypto), options.Extensions);
        using Secret epochSecret = Secret.Random(crypto.HashSize, client.Random);
        EpochSecrets secrets = EpochSecrets.Derive(crypto, epochSecret, out Secret encryption);
        byte[] tag = crypto.Mac(secrets.ConfirmationKey.Span, default);
        var state = new EpochState
        {
            Context = context,
            Requirements = requirements,
            Tree = tree,
            Secrets = secrets,
            SecretTree = SecretTree.Begin(tree.Width, encryption),
            PrivateKeys = PrivateKeys.Of(0, leafKey),
            Identity = identity.Clone(),
            ConfirmationTag = tag,
            InterimTranscriptHash = TranscriptHash.Interim(crypto, default, tag),
        };
        MlsException.ThrowIf(CredentialRules.CheckExternalSenders(state.View(client, crypto, nowSeconds, sending: true), requirements.ExternalSenders, []));
        return new Group(client, crypto, state);
    }
}
