using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Groups;

/// <content>Application messages and proposals of this member.</content>
public sealed partial class Group
{
    /// <summary>Encrypts application data to the group (RFC 9420 §15). Proposals that wait must be committed first.</summary>
    public byte[] Protect(ReadOnlySpan<byte> data, MessageOptions? options = null)
    {
        RequireActive();
        MlsException.ThrowIf(_proposals.Count > 0 ? Rule.ProposalsPending : null); // RFC 9420 §12.4
        var body = new Writer(data.Length + 8);
        body.WriteVector(data);
        options ??= new MessageOptions();
        AuthenticatedContent content = SignContent(ContentType.Application, WireFormat.PrivateMessage, body.Written, options);
        RecordSet records = NewRecords();
        byte[] message = Encrypt(content, options, records, out RatchetStep step);
        StoreStep(records, step, null, message);
        return message;
    }

    /// <summary>Proposes a change to the group; the proposal is validated and kept for a commit of this epoch.</summary>
    /// <param name="proposal">What is proposed.</param>
    /// <param name="nowSeconds">The present time, in seconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="options">What may be different about the message.</param>
    public byte[] Propose(Proposal proposal, long nowSeconds, MessageOptions? options = null)
    {
        RequireActive();
        if (proposal is UpdateProposal)
        {
            throw new ArgumentException("An Update is made with ProposeUpdate.", nameof(proposal));
        }
        MlsException.ThrowIf(ProposalRules.Check(View(nowSeconds, sending: true), proposal, Sender.Member(OwnLeafIndex), askAboutCredential: true));
        return ProposeCore(proposal, null, options ?? new MessageOptions());
    }

    /// <summary>Proposes a fresh key for this member's leaf, to be committed by someone else (RFC 9420 §12.1.2).</summary>
    public byte[] ProposeUpdate(long nowSeconds, LeafChanges? changes = null, MessageOptions? options = null)
    {
        RequireActive();
        (Secret key, byte[] publicKey) = _crypto.GenerateKeyPair(_client.Random);
        SigningIdentity? newIdentity = changes?.Identity is { } given ? given.Clone() : null;
        SigningIdentity identity = newIdentity ?? _state.Identity;
        LeafNodeFields fields = ChangedLeaf(changes) with
        {
            EncryptionKey = publicKey,
            SignatureKey = identity.SignatureKey,
            Credential = identity.Credential,
            Source = LeafNodeSource.Update,
        };
        Proposal proposal = Proposal.Update(LeafNode.Sign(fields, _crypto, identity.PrivateKey.Span, GroupId.Span, OwnLeafIndex));
        var own = new OwnUpdate(key, newIdentity);
        try
        {
            MlsException.ThrowIf(ProposalRules.Check(View(nowSeconds, sending: true), proposal, Sender.Member(OwnLeafIndex), askAboutCredential: true));
            return ProposeCore(proposal, own, options ?? new MessageOptions());
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>A proposal to mix in an external pre-shared key, which all members must have (RFC 9420 §8.4).</summary>
    public Proposal ExternalPsk(ReadOnlyMemory<byte> id) => Proposal.PreSharedKey(PreSharedKeyId.External(id, RandomNonce()));

    /// <summary>A proposal to mix in the resumption key of an epoch of this group, which all members must have kept (RFC 9420 §8.6).</summary>
    public Proposal ResumptionPsk(ulong epoch) =>
        Proposal.PreSharedKey(PreSharedKeyId.Resumption(ResumptionPskUsage.Application, GroupId, epoch, RandomNonce()));

    /// <summary>A PublicMessage in which a client that is not a member proposes to be added (RFC 9420 §12.1.8).</summary>
    /// <param name="client">The client.</param>
    /// <param name="keyPackage">A key package it made.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="epoch">The epoch the group is in.</param>
    public static byte[] ProposeToJoin(MlsClient client, KeyPackage keyPackage, ReadOnlyMemory<byte> groupId, ulong epoch)
    {
        MlsException.ThrowIf(client.TryFindCrypto(keyPackage.CipherSuite, out MlsCrypto? crypto) ? null : Rule.CipherSuiteUnknown);
        byte[]? record = client.Store.Read(RecordKey.KeyPackage(keyPackage.ComputeReference(crypto!)));
        MlsException.ThrowIf(record is null ? Rule.WelcomeNotForUs : null);
        MlsException.ThrowIf(KeyPackageSecrets.TryRead(record!, out KeyPackageSecrets? secrets) ? null : Rule.RecordMalformed);
        using (secrets)
        {
            return ProposeFromOutside(crypto!, (new Sender(SenderType.NewMemberProposal, 0), secrets!.SignatureKey), groupId, epoch, Proposal.Add(keyPackage));
        }
    }

    /// <summary>A PublicMessage in which someone named in the external_senders extension proposes a change (RFC 9420 §12.1.8).</summary>
    /// <param name="client">The sender's client.</param>
    /// <param name="identity">The sender's identity, as the extension has it.</param>
    /// <param name="senderIndex">Its place in the extension.</param>
    /// <param name="group">The group and the epoch it is in.</param>
    /// <param name="proposal">What is proposed.</param>
    public static byte[] ProposeFromOutside(
        MlsClient client, SigningIdentity identity, uint senderIndex, (ReadOnlyMemory<byte> GroupId, ulong Epoch) group, Proposal proposal) =>
        ProposeFromOutside(
            client.Crypto(identity.CipherSuite), (new Sender(SenderType.External, senderIndex), identity.PrivateKey), group.GroupId, group.Epoch, proposal);

    private static byte[] ProposeFromOutside(
        MlsCrypto crypto, (Sender Sender, Secret Key) signer, ReadOnlyMemory<byte> groupId, ulong epoch, Proposal proposal)
    {
        var header = new FramedContentHeader(groupId, epoch, signer.Sender, default, ContentType.Proposal);
        AuthenticatedContent content = AuthenticatedContent.Sign(crypto, WireFormat.PublicMessage, Compose(header, proposal.Encoded.Span), null, signer.Key.Span);
        return MlsMessage.Encode(new PublicMessage(content.Content, content.Auth, default));
    }

    private static FramedContent Compose(FramedContentHeader header, ReadOnlySpan<byte> body) =>
        FramedContent.TryCompose(header, body, out FramedContent? content) ? content : throw new InvalidOperationException("Content was written wrongly.");

    private WireFormat FormatOf(MessageOptions options) => (options.Format ?? _client.HandshakeFormat) switch
    {
        WireFormat.PublicMessage => WireFormat.PublicMessage,
        WireFormat.PrivateMessage => WireFormat.PrivateMessage,
        _ => throw new ArgumentException("A proposal or commit is a PublicMessage or a PrivateMessage.", nameof(options)),
    };

    private byte[] ProposeCore(Proposal proposal, OwnUpdate? own, MessageOptions options)
    {
        WireFormat format = FormatOf(options);
        AuthenticatedContent content = SignContent(ContentType.Proposal, format, proposal.Encoded.Span, options);
        byte[] reference = content.ComputeReference(_crypto);
        var cached = new CachedProposal(new ReceivedProposal(content, reference), own, _proposalOrder);
        RecordSet records = NewRecords();
        byte[] message = ProtectHandshake(content, options, records, out RatchetStep? step);
        PutProposal(records, cached);
        StoreStep(records, step, null, message);
        AddProposal(cached);
        return message;
    }

    private void AddProposal(CachedProposal cached)
    {
        _proposals[cached.Received.Reference] = cached;
        _proposalOrder = Math.Max(_proposalOrder, cached.Order + 1);
    }

    /// <summary>What this member's leaf says, with the changes asked for.</summary>
    private LeafNodeFields ChangedLeaf(LeafChanges? changes)
    {
        LeafNodeFields fields = _state.Tree.Leaf(OwnLeafIndex)!.Fields;
        if (changes?.Extensions is null)
        {
            return fields;
        }
        LeafNodeFields fresh = _client.MakeLeaf(_state.Identity, fields.EncryptionKey, changes.Extensions, []);
        return fields with { Extensions = fresh.Extensions, Capabilities = fresh.Capabilities };
    }

    private AuthenticatedContent SignContent(ContentType type, WireFormat format, ReadOnlySpan<byte> body, MessageOptions options)
    {
        var header = new FramedContentHeader(GroupId, Epoch, Sender.Member(OwnLeafIndex), options.AuthenticatedData, type);
        return AuthenticatedContent.Sign(_crypto, format, Compose(header, body), _state.Context, _state.Identity.PrivateKey.Span);
    }

    private byte[] ProtectHandshake(AuthenticatedContent content, MessageOptions options, RecordSet records, out RatchetStep? step)
    {
        step = null;
        return content.Format == WireFormat.PrivateMessage
            ? Encrypt(content, options, records, out step)
            : MlsMessage.Encode(MessageProtection.Protect(_crypto, content, _state.Secrets.MembershipKey.Span, _state.Context));
    }

    /// <summary>Encrypts with the next key of this member's ratchet; the step is noted and not made.</summary>
    private byte[] Encrypt(AuthenticatedContent content, MessageOptions options, RecordSet records, out RatchetStep step)
    {
        RatchetKind kind = content.Content.ContentType == ContentType.Application ? RatchetKind.Application : RatchetKind.Handshake;
        MlsException.ThrowIf(_state.SecretTree.TryPrepareSend(_crypto, OwnLeafIndex, kind, out RatchetStep? prepared));
        step = prepared!;
        records.PutStep(Epoch, step);
        int padding = options.Padding ?? PaddingFor(content.Content.EncodedBody.Length);
        PrivateMessage message = MessageProtection.Encrypt(
            _crypto, content, step.Key, (_state.Secrets.SenderData, _client.Random), padding);
        return MlsMessage.Encode(message);
    }

    private int PaddingFor(int length)
    {
        int step = _client.PaddingStep;
        return step <= 1 ? 0 : (step - (length % step)) % step;
    }

    /// <summary>Stores, and only then makes the step. Should the store refuse, the group is as it was.</summary>
    private void StoreStep(RecordSet records, RatchetStep? step, Received? received, params ReadOnlyMemory<byte>[] outgoing)
    {
        try
        {
            Store(records, received, outgoing);
        }
        catch
        {
            step?.Dispose();
            throw;
        }
        if (step is not null)
        {
            _state.SecretTree.Apply(step);
        }
    }
}
