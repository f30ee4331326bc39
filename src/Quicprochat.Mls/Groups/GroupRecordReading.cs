using System.Diagnostics.CodeAnalysis;
using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>Reads what a group stored. The store is trusted to be what was written; a record that does not parse is still an error, not a crash.</summary>
internal static class GroupRecordReading
{
    public static MlsError? TryRead(MlsClient client, GroupRecords records, out EpochState? state, out MlsCrypto? crypto)
    {
        state = null;
        crypto = null;
        if (!records.AreKnown())
        {
            return Rule.RecordVersion;
        }
        Reader reader = records.Read(RecordKind.Group);
        if (!reader.TryReadUInt16(out ushort suite))
        {
            return Rule.RecordMalformed;
        }
        if (!client.TryFindCrypto(suite, out crypto))
        {
            return Rule.CipherSuiteUnknown;
        }
        ReInitProposal? reInit = null;
        if (!reader.TryReadUInt32(out uint ownLeaf)
            || !reader.TryReadUInt32(out uint width)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> encodedContext)
            || !GroupContext.TryParse(encodedContext, out GroupContext? context)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> confirmationTag)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> interim)
            || !EpochSecrets.TryRead(ref reader, out EpochSecrets? secrets)
            || !TryReadIdentity(ref reader, crypto.Suite, out SigningIdentity? identity)
            || !TryReadReInit(ref reader, out reInit)
            || !reader.IsAtEnd
            || GroupRequirements.TryParse(context.Extensions, out GroupRequirements requirements) is not null
            || !TryReadTree(records, width, out RatchetTree? tree)
            || !TryReadPrivateKeys(records, ownLeaf, out PrivateKeys? keys))
        {
            return Rule.RecordMalformed;
        }
        var secretTree = new SecretTree(tree.Width);
        if (!TryReadSecretTree(records, context.Epoch, secretTree))
        {
            return Rule.RecordMalformed;
        }
        state = new EpochState
        {
            Context = context,
            Requirements = requirements,
            Tree = tree,
            Secrets = secrets!,
            SecretTree = secretTree,
            PrivateKeys = keys,
            Identity = identity,
            ConfirmationTag = confirmationTag,
            InterimTranscriptHash = interim,
            ReInit = reInit,
        };
        return null;
    }

    public static MlsError? TryReadPast(GroupRecords records, List<PastEpoch> past)
    {
        foreach (ReadOnlyMemory<byte> value in records.Values(RecordKind.PastEpoch))
        {
            var reader = new Reader(value);
            if (!PastEpoch.TryRead(ref reader, out PastEpoch? epoch) || !reader.IsAtEnd || !TryReadSecretTree(records, epoch.Epoch, epoch.SecretTree))
            {
                return Rule.RecordMalformed;
            }
            past.Add(epoch);
        }
        past.Sort(static (a, b) => a.Epoch.CompareTo(b.Epoch));
        return null;
    }

    public static MlsError? TryReadPsks(GroupRecords records, SortedDictionary<ulong, Secret> psks)
    {
        foreach ((ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) in records.Of(RecordKind.ResumptionPsk))
        {
            var reader = new Reader(name);
            if (!reader.TryReadUInt64(out ulong epoch))
            {
                return Rule.RecordMalformed;
            }
            psks[epoch] = Secret.Copy(value.Span);
        }
        return null;
    }

    public static bool TryReadProposal(MlsCrypto crypto, ReadOnlyMemory<byte> value, out CachedProposal? cached)
    {
        cached = null;
        var reader = new Reader(value);
        if (!reader.TryReadUInt64(out ulong order)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> bytes)
            || !AuthenticatedContent.TryParse(bytes, out AuthenticatedContent? content)
            || content.Content.Proposal is null
            || !reader.TryReadPresence(out bool own))
        {
            return false;
        }
        OwnUpdate? update = null;
        if (own)
        {
            SigningIdentity? identity = null;
            if (!reader.TryReadVector(out ReadOnlyMemory<byte> key)
                || !reader.TryReadPresence(out bool changed)
                || (changed && !TryReadIdentity(ref reader, crypto.Suite, out identity)))
            {
                return false;
            }
            update = new OwnUpdate(Secret.Copy(key.Span), identity);
        }
        cached = new CachedProposal(new ReceivedProposal(content, content.ComputeReference(crypto)), update, order);
        return reader.IsAtEnd;
    }

    private static bool TryReadReInit(ref Reader reader, out ReInitProposal? reInit)
    {
        reInit = null;
        if (!reader.TryReadPresence(out bool present))
        {
            return false;
        }
        if (present && Proposal.TryRead(ref reader, out Proposal? proposal))
        {
            reInit = proposal as ReInitProposal;
        }
        return present == reInit is not null;
    }

    private static bool TryReadIdentity(ref Reader reader, CipherSuite suite, [NotNullWhen(true)] out SigningIdentity? identity)
    {
        identity = null;
        if (!Credential.TryRead(ref reader, out Credential? credential)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> publicKey)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> privateKey))
        {
            return false;
        }
        identity = SigningIdentity.Restore(suite, credential, publicKey, privateKey.Span);
        return true;
    }

    private static bool TryReadTree(GroupRecords records, uint width, [NotNullWhen(true)] out RatchetTree? tree)
    {
        tree = null;
        if (width == 0 || width > TreeMath.LeavesMax || !System.Numerics.BitOperations.IsPow2(width))
        {
            return false;
        }
        var leaves = new LeafNode?[width];
        var parents = new ParentNode?[width - 1];
        foreach ((ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) in records.Of(RecordKind.TreeNode))
        {
            var key = new Reader(name);
            var reader = new Reader(value);
            if (!key.TryReadUInt32(out uint node) || node >= TreeMath.NodeWidth(width))
            {
                return false;
            }
            bool read = (node & 1) == 0 ? LeafNode.TryRead(ref reader, out leaves[node / 2]) : ParentNode.TryRead(ref reader, out parents[node / 2]);
            if (!read || !reader.IsAtEnd)
            {
                return false;
            }
        }
        tree = TreeEditor.Build(leaves, parents);
        return true;
    }

    private static bool TryReadPrivateKeys(GroupRecords records, uint ownLeaf, [NotNullWhen(true)] out PrivateKeys? keys)
    {
        keys = null;
        foreach ((ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) in records.Of(RecordKind.PrivateKey).OrderBy(static item => item.Name.Span[0]))
        {
            int level = name.Span[0];
            keys = level == 0 ? PrivateKeys.Of(ownLeaf, Secret.Copy(value.Span)) : keys?.With(level, Secret.Copy(value.Span));
        }
        return keys is not null;
    }

    private static bool TryReadSecretTree(GroupRecords records, ulong epoch, SecretTree tree)
    {
        foreach ((ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) in records.Of(RecordKind.SecretTreeNode))
        {
            var key = new Reader(name);
            if (!key.TryReadUInt64(out ulong at) || !key.TryReadUInt32(out uint node))
            {
                return false;
            }
            if (at == epoch)
            {
                tree.RestoreNode(node, Secret.Copy(value.Span));
            }
        }
        return TryReadRatchets(records, epoch, tree) && TryReadSkipped(records, epoch, tree);
    }

    private static bool TryReadRatchets(GroupRecords records, ulong epoch, SecretTree tree)
    {
        foreach ((ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) in records.Of(RecordKind.Ratchet))
        {
            var key = new Reader(name);
            var reader = new Reader(value);
            if (!key.TryReadUInt64(out ulong at) || !key.TryReadUInt32(out uint leaf) || !key.TryReadByte(out byte kind)
                || !reader.TryReadUInt32(out uint generation) || !reader.TryReadVector(out ReadOnlyMemory<byte> secret))
            {
                return false;
            }
            if (at == epoch)
            {
                tree.RestoreRatchet(leaf, (RatchetKind)kind, new Ratchet(Secret.Copy(secret.Span), generation));
            }
        }
        return true;
    }

    private static bool TryReadSkipped(GroupRecords records, ulong epoch, SecretTree tree)
    {
        foreach ((ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) in records.Of(RecordKind.SkippedKey))
        {
            var key = new Reader(name);
            var reader = new Reader(value);
            if (!key.TryReadUInt64(out ulong at) || !key.TryReadUInt32(out uint leaf) || !key.TryReadByte(out byte kind) || !key.TryReadUInt32(out uint generation)
                || !reader.TryReadVector(out ReadOnlyMemory<byte> aeadKey) || !reader.TryReadVector(out ReadOnlyMemory<byte> nonce))
            {
                return false;
            }
            if (at == epoch && tree.Ratchets.TryGetValue((leaf, (RatchetKind)kind), out Ratchet? ratchet))
            {
                ratchet.AddSkipped(new MessageKey(generation, aeadKey.ToArray(), nonce.ToArray()));
            }
        }
        return true;
    }
}
