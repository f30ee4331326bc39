using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Tests;

/// <summary>A member that signs and tags what no honest member would send.</summary>
internal sealed class Forge(Party party)
{
    private Group Group => party.Group;

    private EpochState State => Group.State;

    public MlsCrypto Crypto => party.Client.Crypto(Group.CipherSuite);

    public Sender Self => Sender.Member(Group.OwnLeafIndex);

    /// <summary>A message with this body, signed by the member; the rest may be wrong.</summary>
    public byte[] Message(ContentType type, byte[] body, Sender? sender = null, WireFormat format = WireFormat.PublicMessage, ulong? epoch = null)
    {
        var header = new FramedContentHeader(Group.GroupId, epoch ?? Group.Epoch, sender ?? Self, default, type);
        Assert.True(FramedContent.TryCompose(header, body, out FramedContent? content));
        AuthenticatedContent signed = AuthenticatedContent.Sign(Crypto, format, content, State.Context, party.Group.State.Identity.PrivateKey.Span);
        if (type == ContentType.Commit)
        {
            signed = signed.WithConfirmationTag(new byte[Crypto.HashSize]);
        }
        return MlsMessage.Encode(MessageProtection.Protect(Crypto, signed, State.Secrets.MembershipKey.Span, State.Context));
    }

    /// <summary>A PrivateMessage of this member with any sender data, key generation and padding.</summary>
    public byte[] Private(ContentType type, byte[] body, Func<SenderData, SenderData>? change = null, byte[]? padding = null, int? cut = null)
    {
        var header = new FramedContentHeader(Group.GroupId, Group.Epoch, Self, default, type);
        Assert.True(FramedContent.TryCompose(header, body, out FramedContent? content));
        AuthenticatedContent signed = AuthenticatedContent.Sign(Crypto, WireFormat.PrivateMessage, content, State.Context, State.Identity.PrivateKey.Span);
        signed = type == ContentType.Commit ? signed.WithConfirmationTag(new byte[Crypto.HashSize]) : signed;
        RatchetKind kind = type == ContentType.Application ? RatchetKind.Application : RatchetKind.Handshake;
        Assert.Null(State.SecretTree.TryPrepareSend(Crypto, Self.Index, kind, out RatchetStep? step));
        using (step)
        {
            var plaintext = new Writer(256);
            plaintext.WriteBytes(body);
            signed.Auth.Write(ref plaintext, type);
            plaintext.WriteBytes(padding);
            ReadOnlySpan<byte> encrypting = plaintext.Written[..(cut ?? plaintext.Length)];
            byte[] nonce = step!.Key.Nonce.ToArray();
            byte[] ciphertext = new byte[encrypting.Length + 16];
            using (var aead = Crypto.CreateAeadKey(step.Key.Key))
            {
                aead.Seal(nonce, encrypting, Aad(type, withData: true), ciphertext);
            }
            SenderData honest = new(Self.Index, step.Key.Generation, 0);
            var clear = new Writer(12);
            (change ?? (same => same))(honest).Write(ref clear);
            byte[] key = new byte[Crypto.KeySize];
            SenderData.DeriveKey(Crypto, State.Secrets.SenderData.Span, ciphertext, key, nonce);
            byte[] encrypted = new byte[28];
            using (var aead = Crypto.CreateAeadKey(key))
            {
                aead.Seal(nonce, clear.Written, Aad(type, withData: false), encrypted);
            }
            return MlsMessage.Encode(new PrivateMessage
            {
                GroupId = Group.GroupId,
                Epoch = Group.Epoch,
                ContentType = type,
                AuthenticatedData = default,
                EncryptedSenderData = encrypted,
                Ciphertext = ciphertext,
            });
        }
    }

    /// <summary>A commit of these proposals, by value, and this path.</summary>
    public byte[] Commit(IEnumerable<Proposal> proposals, UpdatePath? path = null) =>
        Commit(proposals.Select(proposal => new ProposalOrRef(proposal, default)), path);

    public byte[] Commit(IEnumerable<ProposalOrRef> proposals, UpdatePath? path = null) => Message(ContentType.Commit, Body(proposals, path));

    public static byte[] Body(IEnumerable<ProposalOrRef> proposals, UpdatePath? path)
    {
        var writer = new Writer(256);
        new Commit([.. proposals], path).Write(ref writer);
        return writer.ToArray();
    }

    public byte[] Proposal(Proposal proposal, Sender? sender = null) => Message(ContentType.Proposal, proposal.Encoded.ToArray(), sender);

    /// <summary>A key package of someone, with anything changed and signed again.</summary>
    public static KeyPackage KeyPackage(Party owner, Func<LeafNodeFields, LeafNodeFields>? leaf = null, Func<byte[], byte[]>? initKey = null, IReadOnlyList<Extension>? extensions = null)
    {
        MlsCrypto crypto = owner.Client.Crypto(owner.Identity.CipherSuite);
        byte[] encryptionKey = crypto.GenerateKeyPair(owner.Client.Random).PublicKey;
        byte[] init = crypto.GenerateKeyPair(owner.Client.Random).PublicKey;
        LeafNodeFields fields = owner.Client.MakeLeaf(owner.Identity, encryptionKey, [], extensions ?? []) with { Lifetime = owner.Client.NewLifetime(Party.Now) };
        fields = (leaf ?? (same => same))(fields);
        LeafNode signed = LeafNode.Sign(fields, crypto, owner.Identity.PrivateKey.Span, default, 0);
        return Messages.KeyPackage.Sign(crypto, (initKey ?? (same => same))(init), signed, extensions ?? [], owner.Identity.PrivateKey.Span);
    }

    /// <summary>An Update of the member with anything changed and signed again.</summary>
    public Proposal Update(Func<LeafNodeFields, LeafNodeFields> change) =>
        Messages.Proposal.Update(LeafNode.Sign(
            change(State.Tree.Leaf(Self.Index)!.Fields with { Source = LeafNodeSource.Update, EncryptionKey = NewKey() }),
            Crypto,
            State.Identity.PrivateKey.Span,
            Group.GroupId.Span,
            Self.Index));

    public byte[] NewKey() => Crypto.GenerateKeyPair(party.Client.Random).PublicKey;

    /// <summary>A path of the member over the present tree, with any part of it changed; parent hashes and signatures fit the change.</summary>
    public UpdatePath Path(
        Action<ReadOnlyMemory<byte>[]>? keys = null, Func<LeafNodeFields, LeafNodeFields>? leaf = null, Func<UpdatePathNode[], IReadOnlyList<UpdatePathNode>>? nodes = null)
    {
        List<FilteredPathNode> path = TreeKem.FilteredPath(State.Tree.Root, Self.Index);
        using Secret first = Secret.Random(Crypto.HashSize, party.Client.Random);
        using PathSecrets secrets = PathSecrets.Derive(Crypto, first, path.Count);
        ReadOnlyMemory<byte>[] publicKeys = [.. secrets.PublicKeys.Select(key => (ReadOnlyMemory<byte>)key)];
        keys?.Invoke(publicKeys);
        TreeEditor editor = State.Tree.Edit();
        byte[] parentHash = TreeKem.MergePath(Crypto, editor, Self.Index, path, publicKeys);
        LeafNodeFields fields = State.Tree.Leaf(Self.Index)!.Fields with
        {
            Source = LeafNodeSource.Commit,
            ParentHash = parentHash,
            EncryptionKey = NewKey(),
        };
        fields = (leaf ?? (same => same))(fields);
        LeafNode node = LeafNode.Sign(fields, Crypto, State.Identity.PrivateKey.Span, Group.GroupId.Span, Self.Index);
        editor.SetLeaf(Self.Index, node);
        GroupContext provisional = State.Context.Next(editor.ToTree().TreeHash(Crypto), State.Context.ConfirmedTranscriptHash, State.Context.Extensions);
        UpdatePathNode[] encrypted = TreeKem.Encrypt(Crypto, path, secrets, (provisional, []), party.Client.Random)!;
        encrypted = [.. encrypted.Zip(publicKeys, (item, key) => new UpdatePathNode(key, item.EncryptedPathSecrets))];
        return new UpdatePath(node, nodes is null ? encrypted : nodes(encrypted));
    }

    private byte[] Aad(ContentType type, bool withData)
    {
        var writer = new Writer(128);
        writer.WriteVector(Group.GroupId);
        writer.WriteUInt64(Group.Epoch);
        writer.WriteByte((byte)type);
        if (withData)
        {
            writer.WriteLength(0);
        }
        return writer.ToArray();
    }
}
