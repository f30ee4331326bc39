using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Storage;

/// <summary>
/// Gathers the record changes of one call. Every value begins with the version of its format, <see cref="FormatVersion"/>; a
/// later library reads the earlier versions, of which the tests keep a sample each.
/// </summary>
internal sealed class RecordSet(ReadOnlyMemory<byte> groupId)
{
    /// <summary>The version written. The tests keep a stored group of every version there has been.</summary>
    public const byte FormatVersion = 1;

    private readonly List<RecordChange> _changes = [];

    public delegate void ValueWriter<in T>(ref Writer writer, T value);

    public IReadOnlyList<RecordChange> Changes => _changes;

    public ReadOnlyMemory<byte> GroupId { get; } = groupId;

    public void AddRange(IEnumerable<RecordChange> changes) => _changes.AddRange(changes);

    /// <param name="key">Where.</param>
    /// <param name="value">What.</param>
    /// <param name="write">How it is written.</param>
    /// <param name="capacity">About how long that becomes, where it is long.</param>
    public void Put<T>(byte[] key, T value, ValueWriter<T> write, int capacity = 128)
    {
        var writer = new Writer(capacity);
        writer.WriteByte(FormatVersion);
        write(ref writer, value);
        _changes.Add(new RecordChange(key, writer.ToArray()));
        writer.Clear();
    }

    public void Put(byte[] key, ReadOnlySpan<byte> value)
    {
        byte[] record = new byte[1 + value.Length];
        record[0] = FormatVersion;
        value.CopyTo(record.AsSpan(1));
        _changes.Add(new RecordChange(key, record));
    }

    public void Delete(byte[] key) => _changes.Add(new RecordChange(key, null));

    /// <summary>The difference between two trees, found without a look at the subtrees they share.</summary>
    public void PutTree(RatchetTree? before, RatchetTree after) => PutSubtree(before?.Root, after.Root);

    public void PutPrivateKeys(PrivateKeys? before, PrivateKeys after)
    {
        for (int level = 0; level < Math.Max(before?.Levels ?? 0, after.Levels); level++)
        {
            Secret? old = before?.At(level);
            Secret? now = after.At(level);
            if (ReferenceEquals(old, now))
            {
                continue;
            }
            byte[] key = RecordKey.PrivateKey(GroupId.Span, level);
            if (now is null)
            {
                Delete(key);
            }
            else
            {
                Put(key, now.Span);
            }
        }
    }

    /// <summary>Every secret of a tree that is not consumed.</summary>
    public void PutSecretTree(ulong epoch, SecretTree tree)
    {
        foreach ((uint node, Secret secret) in tree.Nodes)
        {
            Put(RecordKey.SecretTreeNode(GroupId.Span, epoch, node), secret.Span);
        }
    }

    /// <summary>What one use of a message key changes: the records of its sender, and nothing else.</summary>
    public void PutStep(ulong epoch, RatchetStep step)
    {
        foreach (uint node in step.ConsumedNodes)
        {
            Delete(RecordKey.SecretTreeNode(GroupId.Span, epoch, node));
        }
        foreach ((uint node, Secret secret) in step.NewNodes)
        {
            Put(RecordKey.SecretTreeNode(GroupId.Span, epoch, node), secret.Span);
        }
        if (step.OtherRatchet is not null)
        {
            PutRatchet(epoch, (step.Leaf, SecretTree.Other(step.Kind)), step.OtherRatchet, 0);
        }
        if (step.NewSecret is not null)
        {
            PutRatchet(epoch, (step.Leaf, step.Kind), step.NewSecret, step.NewGeneration);
        }
        foreach (MessageKey skipped in step.Skipped)
        {
            Put(RecordKey.SkippedKey(GroupId.Span, epoch, (step.Leaf, step.Kind), skipped.Generation), skipped, static (ref writer, key) =>
            {
                writer.WriteVector(key.Key);
                writer.WriteVector(key.Nonce);
            });
        }
        foreach (uint generation in step.DroppedGenerations)
        {
            Delete(RecordKey.SkippedKey(GroupId.Span, epoch, (step.Leaf, step.Kind), generation));
        }
    }

    /// <summary>Deletes whatever is left of a secret tree.</summary>
    public void DeleteSecretTree(ulong epoch, SecretTree tree)
    {
        foreach (uint node in tree.Nodes.Keys)
        {
            Delete(RecordKey.SecretTreeNode(GroupId.Span, epoch, node));
        }
        foreach (((uint Leaf, RatchetKind Kind) which, Ratchet ratchet) in tree.Ratchets)
        {
            Delete(RecordKey.Ratchet(GroupId.Span, epoch, which.Leaf, which.Kind));
            foreach (uint generation in ratchet.Skipped.Keys)
            {
                Delete(RecordKey.SkippedKey(GroupId.Span, epoch, which, generation));
            }
        }
    }

    private void PutRatchet(ulong epoch, (uint Leaf, RatchetKind Kind) which, Secret secret, uint generation) =>
        Put(RecordKey.Ratchet(GroupId.Span, epoch, which.Leaf, which.Kind), (secret, generation), static (ref writer, value) =>
        {
            writer.WriteUInt32(value.generation);
            writer.WriteVector(value.secret.Span);
        });

    private void PutSubtree(TreeNode? before, TreeNode? after)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }
        if (before is not null && after is not null && before.Index != after.Index)
        {
            // The tree was extended or truncated: the smaller one is the leftmost part of the larger.
            if (before.Index < after.Index)
            {
                PutNode(null, after);
                PutSubtree(before, after.Left);
                PutSubtree(null, after.Right);
            }
            else
            {
                PutNode(before, null);
                PutSubtree(before.Left, after);
                PutSubtree(before.Right, null);
            }
            return;
        }
        if ((before?.IsEmpty ?? true) && (after?.IsEmpty ?? true))
        {
            return;
        }
        PutNode(before, after);
        PutSubtree(before?.Left, after?.Left);
        PutSubtree(before?.Right, after?.Right);
    }

    private void PutNode(TreeNode? before, TreeNode? after)
    {
        object? old = (object?)before?.Leaf ?? before?.Parent;
        object? now = (object?)after?.Leaf ?? after?.Parent;
        if (ReferenceEquals(old, now))
        {
            return;
        }
        byte[] key = RecordKey.TreeNode(GroupId.Span, (after ?? before)!.Index);
        if (now is null)
        {
            Delete(key);
        }
        else
        {
            Put(key, now, static (ref writer, node) =>
            {
                (node as LeafNode)?.Write(ref writer);
                (node as ParentNode)?.Write(ref writer);
            });
        }
    }
}
