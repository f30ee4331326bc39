using System.Diagnostics.CodeAnalysis;
using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>
/// What is left of an epoch that is over: enough to read its late application messages (RFC 9420 §15.3), and no more. Of the
/// tree it holds only the leaves the next epoch changed; the others are found in the epochs after it.
/// </summary>
internal sealed class PastEpoch : IDisposable
{
    public required GroupContext Context { get; init; }

    public required Secret SenderData { get; init; }

    public required SecretTree SecretTree { get; init; }

    /// <summary>The name of the commit that ended the epoch, see <see cref="CommitRace"/>.</summary>
    public required ReadOnlyMemory<byte> CommitName { get; init; }

    public required long EndedSeconds { get; init; }

    /// <summary>Leaves as they were, where the next epoch has them otherwise; null for a blank.</summary>
    public required IReadOnlyDictionary<uint, LeafNode?> Overwritten { get; init; }

    public ulong Epoch => Context.Epoch;

    /// <summary>The leaves in which two trees differ, with what the first has there.</summary>
    public static Dictionary<uint, LeafNode?> Difference(RatchetTree before, RatchetTree after)
    {
        var leaves = new Dictionary<uint, LeafNode?>();
        Compare(before.Root, after.Root, leaves);
        return leaves;
    }

    public void Put(RecordSet records) =>
        records.Put(RecordKey.Epoch(records.GroupId.Span, RecordKind.PastEpoch, Epoch), this, static (ref writer, value) =>
        {
            writer.WriteVector(value.Context.Encoded);
            writer.WriteUInt32(value.SecretTree.Width);
            writer.WriteVector(value.SenderData.Span);
            writer.WriteVector(value.CommitName);
            writer.WriteUInt64((ulong)Math.Max(0, value.EndedSeconds));
            int start = writer.BeginVector();
            foreach ((uint leaf, LeafNode? node) in value.Overwritten)
            {
                writer.WriteUInt32(leaf);
                writer.WritePresence(node is not null);
                node?.Write(ref writer);
            }
            writer.EndVector(start);
        });

    public void Delete(RecordSet records)
    {
        records.Delete(RecordKey.Epoch(records.GroupId.Span, RecordKind.PastEpoch, Epoch));
        records.DeleteSecretTree(Epoch, SecretTree);
    }

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out PastEpoch? past)
    {
        past = null;
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> encoded)
            || !GroupContext.TryParse(encoded, out GroupContext? context)
            || !reader.TryReadUInt32(out uint width)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> senderData)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> commitName)
            || !reader.TryReadUInt64(out ulong ended)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> leaves)
            || !TryReadLeaves(leaves, out Dictionary<uint, LeafNode?> overwritten))
        {
            return false;
        }
        past = new PastEpoch
        {
            Context = context,
            SenderData = Secret.Copy(senderData.Span),
            SecretTree = new SecretTree(width),
            CommitName = commitName,
            EndedSeconds = (long)Math.Min(ended, long.MaxValue),
            Overwritten = overwritten,
        };
        return true;
    }

    public void Dispose()
    {
        SenderData.Dispose();
        SecretTree.Dispose();
    }

    private static bool TryReadLeaves(ReadOnlyMemory<byte> bytes, out Dictionary<uint, LeafNode?> leaves)
    {
        leaves = [];
        var reader = new Reader(bytes);
        while (!reader.IsAtEnd)
        {
            LeafNode? node = null;
            if (!reader.TryReadUInt32(out uint leaf) || !reader.TryReadPresence(out bool present) || (present && !LeafNode.TryRead(ref reader, out node)))
            {
                return false;
            }
            leaves[leaf] = node;
        }
        return true;
    }

    private static void Compare(TreeNode? before, TreeNode? after, Dictionary<uint, LeafNode?> leaves)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }
        if (before is not null && after is not null && before.Index != after.Index)
        {
            bool grown = before.Index < after.Index;
            Compare(grown ? before : before.Left, grown ? after.Left : after, leaves);
            Compare(grown ? null : before.Right, grown ? after.Right : null, leaves);
            return;
        }
        TreeNode node = (before ?? after)!;
        if (node.IsLeaf)
        {
            if (!ReferenceEquals(before?.Leaf, after?.Leaf))
            {
                leaves[node.Index / 2] = before?.Leaf;
            }
            return;
        }
        Compare(before?.Left, after?.Left, leaves);
        Compare(before?.Right, after?.Right, leaves);
    }
}
