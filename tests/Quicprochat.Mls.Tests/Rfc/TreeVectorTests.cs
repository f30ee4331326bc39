using System.Text.Json;
using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Tests.Rfc;

public class TreeVectorTests
{
    [Fact]
    public void Indices_of_relatives()
    {
        foreach (JsonElement test in Vectors.Read("tree-math.json"))
        {
            uint leaves = test.UInt("n_leaves");
            Assert.Equal(test.UInt("n_nodes"), TreeMath.NodeWidth(leaves));
            Assert.Equal(test.UInt("root"), TreeMath.Root(leaves));
            Check(test, "left", node => TreeMath.Level(node) > 0, TreeMath.Left);
            Check(test, "right", node => TreeMath.Level(node) > 0, TreeMath.Right);
            Check(test, "parent", node => node != TreeMath.Root(leaves), TreeMath.Parent);
            Check(test, "sibling", node => node != TreeMath.Root(leaves), TreeMath.Sibling);
            for (uint leaf = 0; leaf < leaves; leaf++)
            {
                uint node = 2 * leaf;
                for (int level = 0; ; level++)
                {
                    Assert.Equal(node, TreeMath.Ancestor(leaf, level));
                    if (node == TreeMath.Root(leaves))
                    {
                        break;
                    }
                    node = TreeMath.Parent(node);
                }
            }
        }
    }

    [Fact]
    public void Proposals_change_the_tree()
    {
        foreach (JsonElement test in Vectors.Read("tree-operations.json"))
        {
            MlsCrypto crypto = test.Crypto();
            Assert.True(RatchetTree.TryParse(test.Hex("tree_before"), out RatchetTree? before));
            Assert.Equal(test.Hex("tree_hash_before"), before.TreeHash(crypto));
            Assert.True(Proposal.TryParse(test.Hex("proposal"), out Proposal? proposal));
            TreeEditor editor = before.Edit();
            switch (proposal)
            {
                case AddProposal add:
                    editor.AddLeaf(add.KeyPackage.LeafNode);
                    break;
                case UpdateProposal update:
                    editor.ReplaceLeaf(test.UInt("proposal_sender"), update.LeafNode);
                    break;
                case RemoveProposal remove:
                    editor.ReplaceLeaf(remove.Removed, null);
                    editor.Truncate();
                    break;
                default:
                    Assert.Fail("The vector has a proposal that does not change the tree.");
                    break;
            }
            RatchetTree after = editor.ToTree();
            Assert.Equal(test.Hex("tree_after"), after.ToArray());
            Assert.Equal(test.Hex("tree_hash_after"), after.TreeHash(crypto));
            Assert.Equal(test.Hex("tree_before"), before.ToArray());
        }
    }

    [Fact]
    public void Trees_are_hashed_resolved_and_validated()
    {
        foreach (JsonElement test in Vectors.Read("tree-validation.json"))
        {
            MlsCrypto crypto = test.Crypto();
            Assert.True(RatchetTree.TryParse(test.Hex("tree"), out RatchetTree? tree));
            JsonElement[] hashes = [.. test.Items("tree_hashes")];
            JsonElement[] resolutions = [.. test.Items("resolutions")];
            for (uint index = 0; index < TreeMath.NodeWidth(tree.Width); index++)
            {
                TreeNode node = tree.Node(index)!;
                Assert.Equal(hashes[index].Hex(), node.TreeHash(crypto));
                var resolution = new List<TreeNode>();
                node.AddResolution(resolution);
                Assert.Equal(resolutions[index].EnumerateArray().Select(item => item.GetUInt32()), resolution.Select(item => item.Index));
            }
            Assert.Null(TreeValidation.Check(crypto, tree));
            foreach ((uint index, LeafNode leaf) in tree.Members())
            {
                Assert.True(leaf.VerifySignature(crypto, test.Hex("group_id"), index));
            }
        }
    }

    [Fact]
    public void Paths_are_decrypted_by_every_leaf_and_made_by_every_leaf()
    {
        foreach (JsonElement test in Vectors.Read("treekem.json"))
        {
            MlsCrypto crypto = test.Crypto();
            Assert.True(RatchetTree.TryParse(test.Hex("ratchet_tree"), out RatchetTree? tree));
            Dictionary<uint, (PrivateKeys Keys, byte[] Signature)> members = test.Items("leaves_private").ToDictionary(
                leaf => leaf.UInt("index"), leaf => (Keys(crypto, leaf), leaf.Hex("signature_priv")));
            foreach (JsonElement item in test.Items("update_paths"))
            {
                var reader = new Reader(item.Hex("update_path"));
                Assert.True(UpdatePath.TryRead(ref reader, out UpdatePath? update) && reader.IsAtEnd);
                uint sender = item.UInt("sender");
                RatchetTree after = Merge(crypto, test, tree, sender, update, out List<FilteredPathNode> path, out GroupContext context);
                Assert.Equal(item.Hex("tree_hash_after"), after.TreeHash(crypto));
                JsonElement[] secrets = [.. item.Items("path_secrets")];
                foreach ((uint leaf, (PrivateKeys keys, _)) in members.Where(member => member.Key != sender))
                {
                    Assert.Null(TreeKem.TryDecrypt(crypto, update, path, (context, []), keys, out PathSecrets? decrypted, out _));
                    Assert.Equal(secrets[leaf].Hex(), decrypted!.Secrets[0].Span);
                    Assert.Equal(item.Hex("commit_secret"), decrypted.CommitSecret.Span);
                }
                if (sender % 8 == 0)
                {
                    CheckOwn(crypto, test, tree, sender, members);
                }
            }
        }
    }

    /// <summary>A path of our own making, which every other member follows.</summary>
    private static void CheckOwn(MlsCrypto crypto, JsonElement test, RatchetTree tree, uint sender, Dictionary<uint, (PrivateKeys Keys, byte[] Signature)> members)
    {
        List<FilteredPathNode> path = TreeKem.FilteredPath(tree.Root, sender);
        using Secret first = Secret.Random(crypto.HashSize, SystemRandomSource.Instance);
        using PathSecrets secrets = PathSecrets.Derive(crypto, first, path.Count);
        TreeEditor editor = tree.Edit();
        byte[] parentHash = TreeKem.MergePath(crypto, editor, sender, path, [.. secrets.PublicKeys.Select(key => (ReadOnlyMemory<byte>)key)]);
        LeafNodeFields fields = tree.Leaf(sender)!.Fields with
        {
            Source = LeafNodeSource.Commit,
            ParentHash = parentHash,
            EncryptionKey = crypto.GenerateKeyPair(SystemRandomSource.Instance).PublicKey,
        };
        LeafNode leafNode = LeafNode.Sign(fields, crypto, members[sender].Signature, test.Hex("group_id"), sender);
        editor.SetLeaf(sender, leafNode);
        GroupContext context = Context(crypto, test, editor.ToTree());
        UpdatePathNode[]? nodes = TreeKem.Encrypt(crypto, path, secrets, (context, []), SystemRandomSource.Instance);
        var update = new UpdatePath(leafNode, nodes!);
        RatchetTree after = Merge(crypto, test, tree, sender, update, out path, out context);
        Assert.Null(TreeValidation.Check(crypto, after));
        foreach ((uint leaf, (PrivateKeys keys, _)) in members.Where(member => member.Key != sender))
        {
            Assert.Null(TreeKem.TryDecrypt(crypto, update, path, (context, []), keys, out PathSecrets? decrypted, out _));
            Assert.Equal(secrets.CommitSecret.Span, decrypted!.CommitSecret.Span);
        }
    }

    private static RatchetTree Merge(
        MlsCrypto crypto, JsonElement test, RatchetTree tree, uint sender, UpdatePath update, out List<FilteredPathNode> path, out GroupContext context)
    {
        path = TreeKem.FilteredPath(tree.Root, sender);
        Assert.Null(TreeKem.CheckShape(update, path, []));
        TreeEditor editor = tree.Edit();
        byte[] parentHash = TreeKem.MergePath(crypto, editor, sender, path, [.. update.Nodes.Select(node => node.EncryptionKey)]);
        Assert.Equal(parentHash, update.LeafNode.ParentHash.Span);
        Assert.True(update.LeafNode.VerifySignature(crypto, test.Hex("group_id"), sender));
        editor.SetLeaf(sender, update.LeafNode);
        RatchetTree after = editor.ToTree();
        context = Context(crypto, test, after);
        return after;
    }

    private static GroupContext Context(MlsCrypto crypto, JsonElement test, RatchetTree tree)
    {
        var writer = new Writer(256);
        writer.WriteUInt16(1);
        writer.WriteUInt16(crypto.Suite.Id);
        writer.WriteVector(test.Hex("group_id"));
        writer.WriteUInt64(test.GetProperty("epoch").GetUInt64());
        writer.WriteVector(tree.TreeHash(crypto));
        writer.WriteVector(test.Hex("confirmed_transcript_hash"));
        writer.WriteLength(0);
        Assert.True(GroupContext.TryParse(writer.ToArray(), out GroupContext? context));
        return context;
    }

    private static PrivateKeys Keys(MlsCrypto crypto, JsonElement leaf)
    {
        var keys = PrivateKeys.Of(leaf.UInt("index"), Secret.Copy(leaf.Hex("encryption_priv")));
        foreach (JsonElement item in leaf.Items("path_secrets"))
        {
            using PathSecrets node = PathSecrets.Derive(crypto, Secret.Copy(item.Hex("path_secret")), 1);
            keys = node.GiveKeys(keys, [TreeMath.Level(item.UInt("node"))]);
        }
        return keys;
    }

    private static void Check(JsonElement test, string name, Func<uint, bool> exists, Func<uint, uint> relative)
    {
        uint node = 0;
        foreach (JsonElement expected in test.Items(name))
        {
            Assert.Equal(expected.ValueKind == JsonValueKind.Null ? null : expected.GetUInt32(), exists(node) ? relative(node) : null as uint?);
            node++;
        }
    }
}
