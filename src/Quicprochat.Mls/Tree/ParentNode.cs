using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Tree;

/// <summary>
/// A parent node that is not blank (RFC 9420 §7.1):
/// <c>struct { HPKEPublicKey encryption_key; opaque parent_hash&lt;V&gt;; uint32 unmerged_leaves&lt;V&gt;; } ParentNode;</c>
/// </summary>
internal sealed class ParentNode(ReadOnlyMemory<byte> encryptionKey, ReadOnlyMemory<byte> parentHash, uint[] unmergedLeaves)
{
    public ReadOnlyMemory<byte> EncryptionKey { get; } = encryptionKey;

    public ReadOnlyMemory<byte> ParentHash { get; } = parentHash;

    /// <summary>Leaf indices in increasing order.</summary>
    public ReadOnlySpan<uint> UnmergedLeaves => _unmergedLeaves;

    /// <summary>At least as long as it is when written.</summary>
    public int LengthMax => EncryptionKey.Length + ParentHash.Length + (4 * _unmergedLeaves.Length) + 12;

    private readonly uint[] _unmergedLeaves = unmergedLeaves;

    /// <summary>The same node with one more unmerged leaf.</summary>
    public ParentNode WithUnmergedLeaf(uint leaf)
    {
        int place = ~Array.BinarySearch(_unmergedLeaves, leaf);
        if (place < 0)
        {
            return this;
        }
        var leaves = new uint[_unmergedLeaves.Length + 1];
        _unmergedLeaves.AsSpan(0, place).CopyTo(leaves);
        leaves[place] = leaf;
        _unmergedLeaves.AsSpan(place).CopyTo(leaves.AsSpan(place + 1));
        return new ParentNode(EncryptionKey, ParentHash, leaves);
    }

    /// <summary>The same node without these unmerged leaves, for the original sibling's tree hash (RFC 9420 §7.9).</summary>
    public ParentNode WithoutUnmergedLeaves(ReadOnlySpan<uint> excluded)
    {
        var leaves = new List<uint>(_unmergedLeaves.Length);
        foreach (uint leaf in _unmergedLeaves)
        {
            if (excluded.BinarySearch(leaf) < 0)
            {
                leaves.Add(leaf);
            }
        }
        return new ParentNode(EncryptionKey, ParentHash, [.. leaves]);
    }

    public bool HasUnmergedLeaf(uint leaf) => Array.BinarySearch(_unmergedLeaves, leaf) >= 0;

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out ParentNode? node)
    {
        node = null;
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> key)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> parentHash)
            || !reader.TryReadList(ReadLeafIndex, out uint[]? leaves))
        {
            return false;
        }
        for (int i = 1; i < leaves.Length; i++)
        {
            if (leaves[i - 1] >= leaves[i])
            {
                return false; // RFC 9420 §7.1: sorted in increasing order.
            }
        }
        node = new ParentNode(key, parentHash, leaves);
        return true;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteVector(EncryptionKey);
        writer.WriteVector(ParentHash);
        writer.WriteLength(_unmergedLeaves.Length * 4);
        foreach (uint leaf in _unmergedLeaves)
        {
            writer.WriteUInt32(leaf);
        }
    }

    private static bool ReadLeafIndex(ref Reader reader, out uint leaf) => reader.TryReadUInt32(out leaf);
}
