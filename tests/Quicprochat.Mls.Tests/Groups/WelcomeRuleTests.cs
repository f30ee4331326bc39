using System.Buffers.Binary;
using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Tests.Groups;

/// <summary>Welcomes, GroupInfos and trees that a newcomer does not accept (RFC 9420 §12.4.3).</summary>
public class WelcomeRuleTests
{
    private readonly Party _alice = Party.Create("alice");
    private readonly Party _bob = Party.Create("bob");
    private readonly Party _dora = Party.Create("dora");
    private readonly MlsCrypto _crypto;

    public WelcomeRuleTests()
    {
        Room.Of(_alice, _bob);
        _crypto = new Forge(_alice).Crypto;
    }

    [Fact]
    [Breaks(MlsErrorCode.WelcomeNotForUs, MlsErrorCode.CipherSuiteUnknown, MlsErrorCode.WelcomeCipherSuite, MlsErrorCode.WelcomeSecrets, MlsErrorCode.WelcomeGroupInfo)]
    public void A_welcome_that_cannot_be_opened()
    {
        KeyPackage keyPackage = _dora.NewKeyPackage();
        byte[] bytes = _alice.Group.Add([keyPackage], Party.Now).Welcome!.Value.ToArray();
        Assert.True(MlsMessage.TryParse(bytes, out MlsMessage? message));
        Welcome welcome = message.Welcome!;
        Refused.By(MlsErrorCode.Malformed, () => Group.Join(_dora.Client, bytes.AsSpan(1), Party.Now));
        Refused.By(MlsErrorCode.UnexpectedMessage, () => Group.Join(_dora.Client, keyPackage.ToMessage(), Party.Now));
        Refused.By(MlsErrorCode.WelcomeNotForUs, () => Group.Join(_bob.Client, bytes, Party.Now));
        Join(MlsErrorCode.CipherSuiteUnknown, new Welcome(0x7777, welcome.Secrets, welcome.EncryptedGroupInfo));
        Join(MlsErrorCode.WelcomeCipherSuite, new Welcome(3, welcome.Secrets, welcome.EncryptedGroupInfo));
        Join(MlsErrorCode.WelcomeSecrets, new Welcome(1, welcome.Secrets, welcome.EncryptedGroupInfo[..^1]));
        Join(MlsErrorCode.WelcomeSecrets, new Welcome(1, [new EncryptedGroupSecrets(welcome.Secrets[0].NewMember, default)], welcome.EncryptedGroupInfo));

        // The secrets open, what they open does not.
        foreach (byte[] garbage in new[] { new byte[8], new byte[80] })
        {
            Join(MlsErrorCode.WelcomeGroupInfo, Rewrap(keyPackage, new GroupSecrets(new byte[32], null, []), garbage));
        }
        Join(MlsErrorCode.WelcomeSecrets, Rewrap(keyPackage, null, new byte[80]));
        Assert.NotNull(Group.Join(_dora.Client, bytes, Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.WelcomePsks, MlsErrorCode.PskNonce, MlsErrorCode.PskMissing)]
    public void A_welcome_whose_keys_are_not_there()
    {
        KeyPackage keyPackage = _dora.NewKeyPackage();
        PreSharedKeyId Resumption(ResumptionPskUsage usage) => PreSharedKeyId.Resumption(usage, "old"u8.ToArray(), 3, new byte[32]);
        GroupSecrets With(params PreSharedKeyId[] psks) => new(new byte[32], null, psks);
        Join(MlsErrorCode.WelcomePsks, Rewrap(keyPackage, With(Resumption(ResumptionPskUsage.Branch), Resumption(ResumptionPskUsage.ReInit)), new byte[80]));
        Join(MlsErrorCode.PskMissing, Rewrap(keyPackage, With(Resumption(ResumptionPskUsage.Branch)), new byte[80]));
        Join(MlsErrorCode.PskMissing, Rewrap(keyPackage, With(PreSharedKeyId.External(new byte[1], new byte[32])), new byte[80]));
        Join(MlsErrorCode.PskNonce, Rewrap(keyPackage, With(PreSharedKeyId.External(new byte[1], new byte[31])), new byte[80]));
    }

    [Fact]
    [Breaks(MlsErrorCode.GroupIdInUse, MlsErrorCode.TreeMissing, MlsErrorCode.TreeMalformed, MlsErrorCode.TreeHash, MlsErrorCode.GroupInfoSignature, MlsErrorCode.VersionUnknown)]
    public void A_group_info_that_is_not_what_it_says()
    {
        Refused.By(MlsErrorCode.GroupIdInUse, () => Group.JoinExternally(_bob.Client, _bob.Identity, _alice.Group.CreateGroupInfo(), Party.Now));
        Refused.By(MlsErrorCode.GroupIdInUse, () => Group.Create(_alice.Client, _alice.Identity, Party.Now, new GroupOptions { GroupId = _alice.Group.GroupId }));
        External(MlsErrorCode.TreeMissing, _alice.Group.CreateGroupInfo(new GroupInfoOptions { RatchetTree = false }));
        byte[] tree = _alice.Group.ExportRatchetTree();
        External(MlsErrorCode.TreeMalformed, Info(tree: tree[..^1]));
        External(MlsErrorCode.TreeMalformed, Info(tree: [.. tree, 0]));
        External(MlsErrorCode.TreeHash, Info(context => context.Next(new byte[32], context.ConfirmedTranscriptHash, [])));
        External(MlsErrorCode.GroupInfoSignature, Info(signer: 1));
        External(MlsErrorCode.GroupInfoSignature, Info(signer: 5));
        External(MlsErrorCode.VersionUnknown, Info(context => Parse([0, 2, .. context.Encoded.Span[2..]])));
        External(MlsErrorCode.DuplicateExtension, Info(twice: true));
    }

    [Fact]
    [Breaks(MlsErrorCode.GroupInfoExternalPub, MlsErrorCode.GroupExtensionUnsupported)]
    public void A_group_that_cannot_be_joined_from_outside()
    {
        External(MlsErrorCode.GroupInfoExternalPub, _alice.Group.CreateGroupInfo(new GroupInfoOptions { ExternalPub = false }));
        External(MlsErrorCode.UnexpectedMessage, _dora.NewKeyPackage().ToMessage());
        SigningIdentity other = _dora.Client.CreateIdentity(Credential.Basic("dora"));
        Refused.By(MlsErrorCode.WelcomeCipherSuite, () => Group.JoinExternally(_dora.Client, other, _alice.Group.CreateGroupInfo(), Party.Now));
        const ExtensionType topic = (ExtensionType)0xF000;
        Party eve = Party.Create("eve", change: options => options with { Extensions = [topic] });
        Room.Of(new GroupOptions { Extensions = [new Extension(topic, default)] }, eve);
        External(MlsErrorCode.GroupExtensionUnsupported, eve.Group.CreateGroupInfo());
    }

    [Fact]
    [Breaks(MlsErrorCode.TreeParentHash, MlsErrorCode.TreeUnmergedLeaf, MlsErrorCode.TreeKeyReused)]
    public void A_tree_that_no_honest_group_has()
    {
        Room room = Room.Of([.. "abcdefgh".Select(letter => Party.Create(letter.ToString()))]);
        room.Commit(room[3]);
        room.Commit(room[6]);
        RatchetTree good = room[0].Group.State.Tree;
        Assert.Null(TreeValidation.Check(_crypto, good));

        ReadOnlyMemory<byte> key = new Forge(_alice).NewKey();
        Assert.Same(Rule.TreeParentHash, TreeValidation.Check(_crypto, With(good, 3, node => new ParentNode(key, node.ParentHash, []))));
        Assert.Same(Rule.TreeParentHash, TreeValidation.Check(_crypto, With(good, 0, node => new ParentNode(node.EncryptionKey, new byte[32], []), index: 3)));
        Assert.Same(Rule.TreeUnmergedLeaf, TreeValidation.Check(_crypto, With(good, 0, node => new ParentNode(node.EncryptionKey, node.ParentHash, [6]), index: 3)));
        Assert.Same(Rule.TreeUnmergedLeaf, TreeValidation.Check(_crypto, With(good, 0, node => new ParentNode(node.EncryptionKey, node.ParentHash, [40]), index: 7)));
        Assert.Same(Rule.TreeUnmergedLeaf, TreeValidation.Check(_crypto, With(good, 0, node => new ParentNode(node.EncryptionKey, node.ParentHash, [0]), index: 7)));
        ReadOnlyMemory<byte> taken = good.Leaf(0)!.EncryptionKey;
        Assert.Same(Rule.TreeKeyReused, TreeValidation.Check(_crypto, With(good, 0, node => new ParentNode(taken, node.ParentHash, []), index: 3)));
    }

    [Fact]
    [Breaks(MlsErrorCode.WelcomeLeafMissing, MlsErrorCode.WelcomePathSecret, MlsErrorCode.ConfirmationTag)]
    public void A_welcome_to_a_group_one_is_not_in()
    {
        KeyPackage keyPackage = _dora.NewKeyPackage();
        Join(MlsErrorCode.ConfirmationTag, Honest(keyPackage, added: true, new GroupSecrets(new byte[32], null, []), wrongTag: true));
        Join(MlsErrorCode.WelcomeLeafMissing, Honest(keyPackage, added: false, new GroupSecrets(new byte[32], null, [])));
        Join(MlsErrorCode.WelcomePathSecret, Honest(keyPackage, added: true, new GroupSecrets(new byte[32], new byte[32], [])));
        Join(MlsErrorCode.WelcomePathSecret, Honest(keyPackage, added: true, new GroupSecrets(new byte[32], new byte[5], [])));
        Assert.True(MlsMessage.TryParse(MlsMessage.Encode(Honest(keyPackage, added: true, new GroupSecrets(new byte[32], null, []))), out MlsMessage? good));
        Assert.NotNull(Group.Join(_dora.Client, MlsMessage.Encode(good.Welcome!), Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.ResumedEpoch, MlsErrorCode.ReInitMismatch, MlsErrorCode.ReInitMembers, MlsErrorCode.BranchMismatch, MlsErrorCode.BranchMembers)]
    public void A_group_that_does_not_continue_what_it_says()
    {
        GroupContext Context(ulong epoch, ushort suite = 1)
        {
            GroupContext context = GroupContext.Initial(suite, "next"u8.ToArray(), new byte[32], []);
            for (ulong i = 0; i < epoch; i++)
            {
                context = context.Next(context.TreeHash, default, []);
            }
            return context;
        }
        Group origin = _alice.Group;
        MlsError? Check(ResumptionPskUsage usage, GroupContext context, RatchetTree tree) =>
            ResumptionRules.CheckJoin(_alice.Client, usage, origin, (context, tree));
        RatchetTree strangers = Room.Of("x", "y")[0].Group.State.Tree;
        RatchetTree part = RatchetTree.Single(origin.State.Tree.Leaf(1)!);
        Assert.Same(Rule.ResumedEpoch, Check(ResumptionPskUsage.Branch, Context(2), part));
        Assert.Same(Rule.BranchMismatch, Check(ResumptionPskUsage.Branch, Context(1, suite: 3), part));
        Assert.Same(Rule.BranchMembers, Check(ResumptionPskUsage.Branch, Context(1), strangers));
        Assert.Null(Check(ResumptionPskUsage.Branch, Context(1), part));
        Assert.Same(Rule.ReInitMismatch, Check(ResumptionPskUsage.ReInit, Context(1), origin.State.Tree));
        origin.Commit(Party.Now, new CommitOptions { Proposals = [Proposal.ReInit("next"u8.ToArray(), CipherSuite.X25519Aes128GcmSha256Ed25519, [])] });
        origin.ConfirmCommit(Party.Now);
        Assert.Same(Rule.ReInitMismatch, Check(ResumptionPskUsage.ReInit, Context(1, suite: 3), origin.State.Tree));
        Assert.Same(Rule.ReInitMembers, Check(ResumptionPskUsage.ReInit, Context(1), part));
        Assert.Null(Check(ResumptionPskUsage.ReInit, Context(1), origin.State.Tree));
    }

    [Fact]
    [Breaks(MlsErrorCode.EpochExhausted)]
    public void A_group_in_its_last_epoch_has_no_next_one()
    {
        GroupContext At(ulong epoch, GroupContext context)
        {
            byte[] bytes = context.Encoded.ToArray();
            int place = 4 + 1 + context.GroupId.Length;
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(place), epoch);
            return Parse(bytes);
        }
        byte[] externalPub = [.. Assert.Single(Parsed(_alice.Group.CreateGroupInfo()).Extensions, item => item.Type == ExtensionType.ExternalPub).Data.Span];
        External(MlsErrorCode.EpochExhausted, Info(context => At(ulong.MaxValue, context)));
        byte[] info = Info(context => At(ulong.MaxValue - 1, context), more: new Extension(ExtensionType.ExternalPub, externalPub));
        _dora.Group = Group.JoinExternally(_dora.Client, _dora.Identity, info, Party.Now).Confirm();
        Assert.Equal(ulong.MaxValue, _dora.Group.Epoch);
        Refused.By(MlsErrorCode.EpochExhausted, () => _dora.Group.Commit(Party.Now));

        // A commit by Alice, who is a member there too, as Dora sees it.
        EpochState state = _dora.Group.State;
        var header = new FramedContentHeader(state.GroupId, ulong.MaxValue, Sender.Member(0), default, ContentType.Commit);
        Assert.True(FramedContent.TryCompose(header, Forge.Body([], new Forge(_alice).Path()), out FramedContent? content));
        AuthenticatedContent signed = AuthenticatedContent.Sign(_crypto, WireFormat.PublicMessage, content, state.Context, _alice.Identity.PrivateKey.Span)
            .WithConfirmationTag(new byte[32]);
        Refused.By(MlsErrorCode.EpochExhausted, _dora, MlsMessage.Encode(MessageProtection.Protect(_crypto, signed, state.Secrets.MembershipKey.Span, state.Context)));
    }

    private static GroupInfo Parsed(byte[] message)
    {
        Assert.True(MlsMessage.TryParse(message, out MlsMessage? parsed));
        return parsed.GroupInfo!;
    }

    private void Join(MlsErrorCode code, Welcome welcome)
    {
        int applied = _dora.Store.Applied.Count;
        Refused.By(code, () => Group.Join(_dora.Client, MlsMessage.Encode(welcome), Party.Now));
        Assert.Equal(applied, _dora.Store.Applied.Count);
    }

    private void External(MlsErrorCode code, byte[] groupInfo) =>
        Refused.By(code, () => Group.JoinExternally(_dora.Client, _dora.Identity, groupInfo, Party.Now));

    /// <summary>A Welcome with any content, well encrypted to the key package.</summary>
    private Welcome Rewrap(KeyPackage keyPackage, GroupSecrets? secrets, byte[] encryptedInfo)
    {
        var writer = new Codec.Writer(256);
        secrets?.Write(ref writer);
        Assert.True(_crypto.TryEncrypt(
            keyPackage.InitKey.Span, _crypto.EncryptContext("Welcome", encryptedInfo), writer.Written, SystemRandomSource.Instance, out HpkeCiphertext ciphertext));
        return new Welcome(1, [new EncryptedGroupSecrets(keyPackage.ComputeReference(_crypto), ciphertext)], encryptedInfo);
    }

    /// <summary>A Welcome to a group of Alice's and, if added, Dora's; the keys fit the joiner secret.</summary>
    private Welcome Honest(KeyPackage keyPackage, bool added, GroupSecrets secrets, bool wrongTag = false)
    {
        TreeEditor editor = _alice.Group.State.Tree.Edit();
        if (added)
        {
            editor.AddLeaf(keyPackage.LeafNode);
        }
        RatchetTree tree = editor.ToTree();
        GroupContext context = _alice.Group.State.Context.Next(tree.TreeHash(_crypto), new byte[32], []);
        using Secret psk = _crypto.Zero();
        using EpochDerivation derivation = EpochDerivation.FromJoiner(_crypto, Secret.Copy(secrets.JoinerSecret.Span), psk, context);
        byte[] tag = _crypto.Mac(derivation.Secrets.ConfirmationKey.Span, wrongTag ? new byte[31] : new byte[32]);
        var extension = new Extension(ExtensionType.RatchetTree, tree.ToArray());
        GroupInfo info = GroupInfo.Sign(_crypto, context, [extension], tag, (0, _alice.Identity.PrivateKey));
        return Rewrap(keyPackage, secrets, WelcomeMaker.Seal(_crypto, derivation.Welcome.Span, info.Encoded.Span));
    }

    private byte[] Info(Func<GroupContext, GroupContext>? change = null, byte[]? tree = null, uint signer = 0, bool twice = false, Extension? more = null)
    {
        EpochState state = _alice.Group.State;
        var extension = new Extension(ExtensionType.RatchetTree, tree ?? state.Tree.ToArray());
        GroupContext context = (change ?? (static same => same))(state.Context);
        List<Extension> extensions = twice ? [extension, extension] : [extension];
        if (more is { } given)
        {
            extensions.Add(given);
        }
        GroupInfo info = GroupInfo.Sign(
            _crypto, context, extensions, state.ConfirmationTag.Span, (signer, _alice.Identity.PrivateKey));
        return MlsMessage.Encode(info);
    }

    private static GroupContext Parse(byte[] bytes)
    {
        Assert.True(GroupContext.TryParse(bytes, out GroupContext? context));
        return context;
    }

    /// <summary>The tree with one parent replaced: the one at the index, or the one at a level above leaf 3.</summary>
    private static RatchetTree With(RatchetTree tree, int level, Func<ParentNode, ParentNode> change, uint? index = null)
    {
        uint place = index ?? TreeMath.Ancestor(3, level);
        var leaves = new LeafNode?[tree.Width];
        var parents = new ParentNode?[tree.Width - 1];
        foreach (TreeNode node in tree.Nodes())
        {
            if (node.IsLeaf)
            {
                leaves[node.Index / 2] = node.Leaf;
            }
            else
            {
                parents[node.Index / 2] = node.Index == place ? change(node.Parent!) : node.Parent;
            }
        }
        return TreeEditor.Build(leaves, parents);
    }
}
