using Quicprochat.Crypto;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Tests.Tree;

public class RatchetTreeTests
{
    private readonly MlsCrypto _crypto = new(CipherSuite.X25519Aes128GcmSha256Ed25519, CryptoProvider.Default);
    private readonly LeafNode[] _leaves = [.. Enumerable.Range(0, 40).Select(number => Forge.KeyPackage(Party.Create($"p{number}")).LeafNode)];

    [Fact]
    public void After_any_changes_hashes_and_counts_are_those_of_a_tree_built_anew()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 39], Gen.Int[0, 60]).Array[1, 60].Sample(
            steps =>
            {
                RatchetTree tree = RatchetTree.Single(_leaves[0]);
                foreach ((int what, int which, int where) in steps)
                {
                    RatchetTree before = tree;
                    byte[] hash = before.TreeHash(_crypto);
                    tree = Step(tree, what, _leaves[which], (uint)where % tree.Width);
                    Assert.Equal(hash, before.TreeHash(_crypto));
                    AssertSame(Rebuilt(tree), tree);
                }
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public void A_tree_written_is_the_tree_read()
    {
        RatchetTree tree = RatchetTree.Single(_leaves[0]);
        for (int i = 1; i < 21; i++)
        {
            TreeEditor editor = tree.Edit();
            Assert.Equal((uint)i, editor.AddLeaf(_leaves[i]));
            tree = editor.ToTree();
        }
        Assert.Equal(32u, tree.Width);
        Assert.True(RatchetTree.TryParse(tree.ToArray(), out RatchetTree? read));
        AssertSame(read, tree);
        Assert.Equal(32u, read.Width);

        // The last node must not be blank, and leaves stand at even places.
        Assert.False(RatchetTree.TryParse((byte[])[1, 0], out _));
        Assert.False(RatchetTree.TryParse((byte[])[0], out _));
        Assert.False(RatchetTree.TryParse((byte[])[2, 1, 2], out _));
        Assert.False(RatchetTree.TryParse((byte[])[1, 2], out _));
    }

    private RatchetTree Step(RatchetTree tree, int what, LeafNode leaf, uint where)
    {
        TreeEditor editor = tree.Edit();
        switch (what)
        {
            case 0:
                editor.AddLeaf(leaf);
                break;
            case 1 when tree.Leaf(where) is not null && tree.MemberCount > 1:
                editor.ReplaceLeaf(where, null);
                editor.Truncate();
                break;
            case 2 when tree.Leaf(where) is not null:
                editor.ReplaceLeaf(where, leaf);
                break;
            case 3 when tree.Leaf(where) is not null:
                List<FilteredPathNode> path = TreeKem.FilteredPath(tree.Root, where);
                TreeKem.MergePath(_crypto, editor, where, path, [.. path.Select(_ => (ReadOnlyMemory<byte>)_crypto.GenerateKeyPair(SystemRandomSource.Instance).PublicKey)]);
                break;
        }
        return editor.ToTree();
    }

    private static RatchetTree Rebuilt(RatchetTree tree)
    {
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
                parents[node.Index / 2] = node.Parent;
            }
        }
        return TreeEditor.Build(leaves, parents);
    }

    private void AssertSame(RatchetTree expected, RatchetTree tree)
    {
        Assert.Equal(expected.TreeHash(_crypto), tree.TreeHash(_crypto));
        Assert.Equal(expected.MemberCount, tree.MemberCount);
        AssertSame(expected.EncryptionKeys, tree.EncryptionKeys);
        AssertSame(expected.SignatureKeys, tree.SignatureKeys);
        Assert.Equal(expected.Capabilities.Counts.OrderBy(item => item.Key), tree.Capabilities.Counts.OrderBy(item => item.Key));
    }

    private static void AssertSame(KeyCounts expected, KeyCounts counts)
    {
        Assert.Equal(expected.Repeated, counts.Repeated);
        Assert.Equal(expected.Counts.Count, counts.Counts.Count);
        Assert.All(expected.Counts, item => Assert.Equal(item.Value, counts.Counts[item.Key]));
    }
}
