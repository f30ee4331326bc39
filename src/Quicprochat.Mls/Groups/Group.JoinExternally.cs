using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Groups;

/// <content>Joining by an external commit (RFC 9420 §12.4.3.2).</content>
public sealed partial class Group
{
    /// <summary>Makes an external commit by which a client joins, or replaces an old appearance of itself.</summary>
    /// <param name="client">Who joins.</param>
    /// <param name="identity">Its identity in the group; its private key is copied.</param>
    /// <param name="groupInfo">A GroupInfo of the present epoch as an MLSMessage, with the external_pub extension.</param>
    /// <param name="nowSeconds">The present time, in seconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="options">What may be different about it.</param>
    public static PendingJoin JoinExternally(
        MlsClient client, SigningIdentity identity, ReadOnlySpan<byte> groupInfo, long nowSeconds, ExternalJoinOptions? options = null)
    {
        options ??= new ExternalJoinOptions();
        MlsException.ThrowIf(MlsMessage.TryParse(groupInfo.ToArray(), out MlsMessage? message) ? null : Rule.Malformed);
        MlsException.ThrowIf(message!.GroupInfo is null ? Rule.UnexpectedMessage : null);
        GroupInfo info = message.GroupInfo!;
        MlsException.ThrowIf(client.TryFindCrypto(info.GroupContext.CipherSuite, out MlsCrypto? crypto) ? null : Rule.CipherSuiteUnknown);
        MlsException.ThrowIf(identity.CipherSuite.Id != crypto!.Suite.Id ? Rule.WelcomeCipherSuite : null);
        bool resync = options.Resync is not null;
        MlsException.ThrowIf(GroupInfoReading.TryRead((client, crypto, nowSeconds), info, options.RatchetTree, resync, out GroupInfoReading? reading));
        MlsException.ThrowIf(reading!.ExternalPub() is null ? Rule.GroupInfoExternalPub : null);
        (Secret InitSecret, byte[] KemOutput)? init = crypto.TryExportInitSecret(reading.ExternalPub()!.Value.Span, client.Random);
        MlsException.ThrowIf(init is null ? Rule.PublicKeyInvalid : null);
        using Secret initSecret = init!.Value.InitSecret;
        CommitMaker maker = ExternalMaker(reading, identity.Clone(), initSecret, options) with
        {
            Proposals = ExternalProposals(client, crypto, init.Value.KemOutput, options),
        };
        MlsException.ThrowIf(maker.TryMake(out CommitDraft? draft));
        using (draft)
        {
            return KeepJoin(client, crypto, draft!);
        }
    }

    /// <summary>An external join whose process ended before it was confirmed or dropped; null when there is none.</summary>
    public static PendingJoin? TryLoadJoin(MlsClient client, ReadOnlySpan<byte> groupId)
    {
        byte[] key = RecordKey.Of(groupId, RecordKind.PendingJoin);
        if (client.Store.Read(key) is not { } record)
        {
            return null;
        }
        MlsException.ThrowIf(PendingRecord.TryRead(record, out PendingCommit? pending, out List<RecordChange> changes));
        return MakeJoin(client, groupId.ToArray(), pending!.Message, changes);
    }

    private static CommitMaker ExternalMaker(GroupInfoReading reading, SigningIdentity identity, Secret initSecret, ExternalJoinOptions options)
    {
        GroupContext context = reading.Info.GroupContext;
        MlsClient client = reading.View.Client;
        return new CommitMaker
        {
            View = reading.View with { Sending = true },
            Context = context,
            InterimTranscriptHash = TranscriptHash.Interim(reading.View.Crypto, context.ConfirmedTranscriptHash.Span, reading.Info.ConfirmationTag.Span),
            InitSecret = initSecret,
            Proposals = [],
            Base = null,
            Signer = identity,
            NewIdentity = identity,
            Leaf = client.MakeLeaf(identity, default, options.LeafExtensions, []),
            Format = WireFormat.PublicMessage,
            AuthenticatedData = options.AuthenticatedData,
            AlwaysPath = true,
            FindPsk = id => client.Psks?.Find(id),
        };
    }

    private static List<CommittedProposal> ExternalProposals(MlsClient client, MlsCrypto crypto, byte[] kemOutput, ExternalJoinOptions options)
    {
        var proposals = new List<Proposal> { Proposal.ExternalInit(kemOutput) };
        if (options.Resync is { } leaf)
        {
            proposals.Add(Proposal.Remove(leaf));
        }
        foreach (ReadOnlyMemory<byte> id in options.Psks)
        {
            byte[] nonce = new byte[crypto.HashSize];
            client.Random.Fill(nonce);
            proposals.Add(Proposal.PreSharedKey(PreSharedKeyId.External(id, nonce)));
        }
        return [.. proposals.Select(static proposal => new CommittedProposal(proposal, new Sender(SenderType.NewMemberCommit, 0), null))];
    }

    private static PendingJoin KeepJoin(MlsClient client, MlsCrypto crypto, CommitDraft draft)
    {
        byte[] message = MlsMessage.Encode(new PublicMessage(draft.Content.Content, draft.Content.Auth, default));
        var changes = new RecordSet(draft.Next.GroupId);
        PutEpoch(changes, null, draft.Next, crypto);
        var records = new RecordSet(draft.Next.GroupId);
        PendingRecord.Put(
            records, RecordKey.Of(draft.Next.GroupId.Span, RecordKind.PendingJoin), new PendingCommit(draft.Next.Epoch - 1, message, null, null), changes.Changes);
        client.Store.Apply(new GroupChanges { GroupId = draft.Next.GroupId, Records = records.Changes, Outgoing = [message] });
        return MakeJoin(client, draft.Next.GroupId.ToArray(), message, changes.Changes);
    }

    private static PendingJoin MakeJoin(MlsClient client, byte[] groupId, ReadOnlyMemory<byte> message, IReadOnlyList<RecordChange> changes)
    {
        byte[] key = RecordKey.Of(groupId, RecordKind.PendingJoin);
        Group Confirm()
        {
            // What an old appearance of the client left behind goes in the same transaction.
            IEnumerable<RecordChange> old = client.Store.ReadRange(RecordKey.Prefix(groupId)).Select(static record => new RecordChange(record.Key, null));
            client.Store.Apply(new GroupChanges { GroupId = groupId, Records = [.. old, .. changes, new RecordChange(key, null)] });
            return TryLoad(client, groupId) ?? throw new InvalidOperationException("The store does not have what it has just stored.");
        }
        void Drop() => client.Store.Apply(new GroupChanges { GroupId = groupId, Records = [new RecordChange(key, null)] });
        return new PendingJoin(message, Confirm, Drop);
    }
}
