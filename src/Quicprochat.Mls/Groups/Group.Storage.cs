using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <content>How a group is kept: records that change by themselves, so a message costs its sender's records and a commit its path.</content>
public sealed partial class Group
{
    /// <summary>The group as it was stored; null when the client is in no group of this id.</summary>
    /// <exception cref="MlsException">The records do not parse, or are of a format this library does not know.</exception>
    public static Group? TryLoad(MlsClient client, ReadOnlySpan<byte> groupId)
    {
        var records = new GroupRecords(groupId.ToArray(), client.Store.ReadRange(RecordKey.Prefix(groupId)));
        if (!records.Exists)
        {
            return null;
        }
        MlsException.ThrowIf(GroupRecordReading.TryRead(client, records, out EpochState? state, out MlsCrypto? crypto));
        var group = new Group(client, crypto!, state!);
        MlsException.ThrowIf(group.TryReadRest(records));
        return group;
    }

    /// <summary>Deletes everything that is kept of the group. It cannot be used any more.</summary>
    public void Delete()
    {
        RecordSet records = NewRecords();
        foreach (StoredRecord record in _client.Store.ReadRange(RecordKey.Prefix(GroupId.Span)))
        {
            records.Delete(record.Key.ToArray());
        }
        Store(records);
        if (!_removed)
        {
            Forget();
        }
    }

    /// <summary>What a new epoch changes: the nodes that are new, the keys that are new, a fresh secret tree and the head record.</summary>
    private static void PutEpoch(RecordSet records, EpochState? before, EpochState state, MlsCrypto crypto)
    {
        records.PutTree(before?.Tree, state.Tree);
        records.PutPrivateKeys(before?.PrivateKeys, state.PrivateKeys);
        records.PutSecretTree(state.Epoch, state.SecretTree);
        records.Put(RecordKey.Of(records.GroupId.Span, RecordKind.Group), (state, crypto), static (ref writer, value) =>
        {
            EpochState epoch = value.state;
            writer.WriteUInt16(value.crypto.Suite.Id);
            writer.WriteUInt32(epoch.OwnLeaf);
            writer.WriteUInt32(epoch.Tree.Width);
            writer.WriteVector(epoch.Context.Encoded);
            writer.WriteVector(epoch.ConfirmationTag);
            writer.WriteVector(epoch.InterimTranscriptHash);
            epoch.Secrets.Write(ref writer);
            WriteIdentity(ref writer, epoch.Identity);
            writer.WritePresence(epoch.ReInit is not null);
            epoch.ReInit?.Write(ref writer);
        });
    }

    private static void PutPending(RecordSet records, PendingCommit pending, IReadOnlyList<RecordChange> changes) =>
        PendingRecord.Put(records, RecordKey.Of(records.GroupId.Span, RecordKind.PendingCommit), pending, changes);

    private static void PutProposal(RecordSet records, CachedProposal cached) =>
        records.Put(RecordKey.Of(records.GroupId.Span, RecordKind.Proposal, cached.Received.Reference.Span), cached, static (ref writer, value) =>
        {
            writer.WriteUInt64(value.Order);
            writer.WriteVector(value.Received.Content.ToArray());
            writer.WritePresence(value.Own is not null);
            if (value.Own is { } own)
            {
                writer.WriteVector(own.EncryptionKey.Span);
                writer.WritePresence(own.Identity is not null);
                if (own.Identity is not null)
                {
                    WriteIdentity(ref writer, own.Identity);
                }
            }
        });

    private static void WriteIdentity(ref Writer writer, SigningIdentity identity)
    {
        identity.Credential.Write(ref writer);
        writer.WriteVector(identity.SignatureKey);
        writer.WriteVector(identity.PrivateKey.Span);
    }

    /// <summary>Everything beside the present epoch.</summary>
    private MlsError? TryReadRest(GroupRecords records)
    {
        MlsError? error = GroupRecordReading.TryReadPast(records, _past)
            ?? GroupRecordReading.TryReadPsks(records, _resumptionPsks)
            ?? TryReadProposals(records)
            ?? TryReadHeld(records);
        return error ?? TryReadPending(records);
    }

    private MlsError? TryReadProposals(GroupRecords records)
    {
        foreach (ReadOnlyMemory<byte> value in records.Values(RecordKind.Proposal))
        {
            if (!GroupRecordReading.TryReadProposal(_crypto, value, out CachedProposal? cached))
            {
                return Rule.RecordMalformed;
            }
            AddProposal(cached!);
        }
        return null;
    }

    private MlsError? TryReadHeld(GroupRecords records)
    {
        foreach (ReadOnlyMemory<byte> value in records.Values(RecordKind.HeldMessage))
        {
            if (!Framing.MlsMessage.TryParse(value, out Framing.MlsMessage? message) || (message.PublicMessage is null && message.PrivateMessage is null))
            {
                return Rule.RecordMalformed;
            }
            _held.Add(EpochOf(message), value);
        }
        return null;
    }

    /// <summary>The epoch of a pending commit is read from the records as they will be when it is confirmed.</summary>
    private MlsError? TryReadPending(GroupRecords records)
    {
        if (records.Raw(RecordKind.PendingCommit) is not { } record)
        {
            return null;
        }
        if (PendingRecord.TryRead(record, out PendingCommit? pending, out List<RecordChange> changes) is { } error)
        {
            return error;
        }
        if (GroupRecordReading.TryRead(_client, records.With(changes), out EpochState? next, out _) is { } nextError)
        {
            return nextError;
        }
        EpochChange change = DescribeStored(next!);
        _pendingCommit = (pending!, new StagedCommit(pending!.Epoch, change, next, changes) { Name = pending.Name, Base = _state });
        return null;
    }

    /// <summary>What a pending commit changes, found by comparing the trees: its proposals are not kept a second time.</summary>
    private EpochChange DescribeStored(EpochState next)
    {
        var added = new List<Member>();
        var removed = new List<Member>();
        var updated = new List<Member>();
        foreach ((uint leaf, LeafNode? before) in PastEpoch.Difference(_state.Tree, next.Tree))
        {
            LeafNode? after = next.Tree.Leaf(leaf);
            if (before is not null && after is not null && before.Encoded.Span.SequenceEqual(after.Encoded.Span))
            {
                continue;
            }
            bool same = before is not null && after is not null && before.Credential.SequenceEqual(after.Credential);
            if (same)
            {
                updated.Add(new Member(leaf, after!));
                continue;
            }
            if (before is not null)
            {
                removed.Add(new Member(leaf, before));
            }
            if (after is not null)
            {
                added.Add(new Member(leaf, after));
            }
        }
        return new EpochChange
        {
            Epoch = next.Epoch,
            Committer = Framing.Sender.Member(OwnLeafIndex),
            CommitterLeaf = OwnLeafIndex,
            Added = added,
            Removed = removed,
            Updated = updated,
            ExtensionsChanged = !_state.Context.Extensions.SequenceEqual(next.Context.Extensions),
            ReInit = next.ReInit,
        };
    }
}
