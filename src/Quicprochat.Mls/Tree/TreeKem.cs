using Quicprochat.Crypto;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tree;

/// <summary>Direct paths, parent hashes and the encryption of path secrets (RFC 9420 §7.4 to §7.9).</summary>
internal static class TreeKem
{
    public const string EncryptionLabel = "UpdatePathNode";

    /// <summary>The filtered direct path of a leaf: the nodes above it whose copath child has someone to encrypt to.</summary>
    public static List<FilteredPathNode> FilteredPath(TreeNode root, uint leaf)
    {
        var path = new List<FilteredPathNode>();
        TreeNode node = root;
        while (!node.IsLeaf)
        {
            bool goLeft = 2 * leaf < node.Index;
            TreeNode copath = (goLeft ? node.Right : node.Left)!;
            if (!copath.IsEmpty)
            {
                path.Add(new FilteredPathNode(node.Level, copath));
            }
            node = (goLeft ? node.Left : node.Right)!;
        }
        path.Reverse();
        return path;
    }

    /// <summary>
    /// Puts new public keys on a filtered direct path and blanks the rest of the direct path (RFC 9420 §7.5). The parent hash for
    /// the leaf is the result: the hashes run from the root down.
    /// </summary>
    public static byte[] MergePath(MlsCrypto crypto, TreeEditor editor, uint leaf, List<FilteredPathNode> path, IReadOnlyList<ReadOnlyMemory<byte>> publicKeys)
    {
        var parents = new (int Level, ParentNode Node)[path.Count];
        byte[] parentHash = [];
        for (int i = path.Count - 1; i >= 0; i--)
        {
            parents[i] = (path[i].Level, new ParentNode(publicKeys[i], parentHash, []));
            parentHash = ParentHash(crypto, parents[i].Node, path[i].Copath.TreeHash(crypto));
        }
        editor.SetPath(leaf, parents);
        return parentHash;
    }

    /// <summary>
    /// The parent hash of a node with its copath child (RFC 9420 §7.9):
    /// <c>struct { HPKEPublicKey encryption_key; opaque parent_hash&lt;V&gt;; opaque original_sibling_tree_hash&lt;V&gt;; } ParentHashInput;</c>
    /// </summary>
    public static byte[] ParentHash(MlsCrypto crypto, ParentNode parent, ReadOnlySpan<byte> originalSiblingTreeHash)
    {
        var writer = new Writer(parent.EncryptionKey.Length + 160);
        writer.WriteVector(parent.EncryptionKey);
        writer.WriteVector(parent.ParentHash);
        writer.WriteVector(originalSiblingTreeHash);
        return crypto.Hash(writer.Written);
    }

    /// <summary>Encrypts each path secret to the resolution of the copath child, new members left out (RFC 9420 §7.5). Null when a key in the tree is not valid.</summary>
    public static UpdatePathNode[]? Encrypt(
        MlsCrypto crypto, List<FilteredPathNode> path, PathSecrets secrets, (GroupContext Context, HashSet<uint> NewLeaves) recipients, IRandomSource random)
    {
        HpkeInfo encryptContext = crypto.EncryptContext(EncryptionLabel, recipients.Context.Encoded.Span);
        var nodes = new UpdatePathNode[path.Count];
        var resolution = new List<TreeNode>();
        for (int i = 0; i < nodes.Length; i++)
        {
            resolution.Clear();
            path[i].Copath.AddResolution(resolution, recipients.NewLeaves);
            var ciphertexts = new HpkeCiphertext[resolution.Count];
            for (int j = 0; j < ciphertexts.Length; j++)
            {
                if (!crypto.TryEncrypt(resolution[j].EncryptionKey.Span, encryptContext, secrets.Secrets[i].Span, random, out ciphertexts[j]))
                {
                    return null;
                }
            }
            nodes[i] = new UpdatePathNode(secrets.PublicKeys[i], ciphertexts);
        }
        return nodes;
    }

    /// <summary>RFC 9420 §7.6: as many nodes as the filtered direct path has, as many ciphertexts as each resolution has.</summary>
    public static MlsError? CheckShape(UpdatePath update, List<FilteredPathNode> path, HashSet<uint> newLeaves)
    {
        if (update.Nodes.Count != path.Count)
        {
            return Rule.PathLength; // RFC 9420 §7.6
        }
        var resolution = new List<TreeNode>();
        for (int i = 0; i < path.Count; i++)
        {
            resolution.Clear();
            path[i].Copath.AddResolution(resolution, newLeaves);
            if (update.Nodes[i].EncryptedPathSecrets.Count != resolution.Count)
            {
                return Rule.PathSecretCount; // RFC 9420 §7.6
            }
        }
        return null;
    }

    /// <summary>
    /// Decrypts the path secret meant for this member and derives the rest of the path from it (RFC 9420 §7.5). The shape of the
    /// update has been checked. The new private keys come with the secrets.
    /// </summary>
    public static MlsError? TryDecrypt(
        MlsCrypto crypto, UpdatePath update, List<FilteredPathNode> path, (GroupContext Context, HashSet<uint> NewLeaves) recipients, PrivateKeys own, out PathSecrets? secrets, out int place)
    {
        secrets = null;
        place = path.FindIndex(node => TreeMath.Covers(node.Copath.Index, own.Leaf));
        if (place < 0)
        {
            return Rule.PathSecret; // RFC 9420 §7.5
        }
        var resolution = new List<TreeNode>();
        path[place].Copath.AddResolution(resolution, recipients.NewLeaves);
        int entry = resolution.FindIndex(node => TreeMath.Covers(node.Index, own.Leaf) && own.At(node.Level) is not null);
        if (entry < 0)
        {
            return Rule.PathSecret; // RFC 9420 §7.5
        }
        byte[]? bytes = crypto.TryDecrypt(
            own.At(resolution[entry].Level)!.Span,
            crypto.EncryptContext(EncryptionLabel, recipients.Context.Encoded.Span),
            update.Nodes[place].EncryptedPathSecrets[entry]);
        if (bytes is null || bytes.Length != crypto.HashSize)
        {
            return Rule.PathSecret; // RFC 9420 §7.5
        }
        using var first = Secret.Copy(bytes);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        secrets = PathSecrets.Derive(crypto, first, path.Count - place);
        for (int i = 0; i < secrets.PublicKeys.Count; i++)
        {
            if (!update.Nodes[place + i].EncryptionKey.Span.SequenceEqual(secrets.PublicKeys[i]))
            {
                return Rule.PathKeyMismatch; // RFC 9420 §7.5
            }
        }
        return null;
    }
}
