using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Tests;

/// <summary>Holes that other implementations had, one regression test each.</summary>
public class KnownHoleTests
{
    private readonly MlsCrypto _crypto = new(CipherSuite.X25519Aes128GcmSha256Ed25519, CryptoProvider.Default);

    [Fact]
    public void A_tag_is_compared_as_a_whole_and_not_by_the_length_that_was_sent()
    {
        byte[] tag = _crypto.Mac("key"u8, "data"u8);
        Assert.True(_crypto.VerifyMac("key"u8, "data"u8, tag));
        Assert.False(_crypto.VerifyMac("key"u8, "data"u8, default));
        Assert.False(_crypto.VerifyMac("key"u8, "data"u8, tag.AsSpan(0, 31)));
        Assert.False(_crypto.VerifyMac("key"u8, "data"u8, tag.AsSpan(0, 1)));
        Assert.False(_crypto.VerifyMac("key"u8, "data"u8, [.. tag, 0]));
    }

    [Fact]
    public void Decoding_never_reads_out_of_bounds()
    {
        foreach (byte[] bytes in new byte[][] { [], [0x40], [0x80, 0, 0], [0xbf, 0xff, 0xff, 0xff], [0x3f], [0x05, 1, 2], [0x7f, 0xff, 0] })
        {
            var reader = new Reader(bytes);
            Assert.False(reader.TryReadVector(out _));
        }
        var numbers = new Reader(new byte[1]);
        Assert.False(numbers.TryReadUInt16(out _));
        Assert.False(numbers.TryReadUInt32(out _));
        Assert.False(numbers.TryReadUInt64(out _));
        Assert.False(numbers.TryReadBytes(-1, out _));
        Assert.False(numbers.TryReadBytes(2, out _));
        Assert.True(numbers.TryReadByte(out _));
        Assert.False(numbers.TryReadByte(out _));
    }

    [Fact]
    public void Bytes_that_follow_the_content_of_an_extension_are_refused()
    {
        ReadOnlyMemory<byte> required = new RequiredCapabilities { Extensions = [(ExtensionType)0xF000] }.ToExtension().Data;
        Assert.True(RequiredCapabilities.TryParse(required, out _));
        Assert.False(RequiredCapabilities.TryParse((byte[])[.. required.Span, 0], out _));
        ReadOnlyMemory<byte> senders = ExternalSender.ToExtension().Data;
        Assert.True(ExternalSender.TryParse(senders, out _));
        Assert.False(ExternalSender.TryParse((byte[])[.. senders.Span, 0], out _));
        byte[] tree = Room.Of("alice")[0].Group.ExportRatchetTree();
        Assert.True(RatchetTree.TryParse(tree, out _));
        Assert.False(RatchetTree.TryParse((byte[])[.. tree, 0], out _));
    }

    [Fact]
    public void The_length_0x3fff_takes_two_bytes_and_0x4000_four()
    {
        foreach ((int length, int bytes) in new[] { (0x3f, 1), (0x40, 2), (0x3fff, 2), (0x4000, 4), (0x3fffffff, 4) })
        {
            var writer = new Writer(8);
            writer.WriteLength(length);
            Assert.Equal(bytes, writer.Length);
            var reader = new Reader(writer.ToArray());
            Assert.True(reader.TryReadLength(out int read));
            Assert.Equal(length, read);
        }
        foreach (byte[] longer in new byte[][] { [0x40, 0x3f], [0x80, 0, 0x3f, 0xff], [0x80, 0, 0, 0], [0xc0, 0, 0, 0, 0, 0, 0, 1] })
        {
            var reader = new Reader(longer);
            Assert.False(reader.TryReadLength(out _));
        }
        foreach (int length in new[] { 0x3f, 0x40, 0x3fff, 0x4000 })
        {
            var writer = new Writer(8);
            int start = writer.BeginVector();
            writer.WriteBytes(new byte[length]);
            writer.EndVector(start);
            var reader = new Reader(writer.ToArray());
            Assert.True(reader.TryReadVector(out ReadOnlyMemory<byte> content) && reader.IsAtEnd);
            Assert.Equal(length, content.Length);
        }
    }

    [Fact]
    public void The_commit_secret_is_one_step_past_the_last_path_secret()
    {
        using Secret first = Secret.Random(32, SystemRandomSource.Instance);
        using PathSecrets path = PathSecrets.Derive(_crypto, first, 2);
        using Secret second = _crypto.DeriveSecret(first.Span, "path");
        using Secret third = _crypto.DeriveSecret(second.Span, "path");
        Assert.Equal(first.Span, path.Secrets[0].Span);
        Assert.Equal(second.Span, path.Secrets[1].Span);
        Assert.Equal(third.Span, path.CommitSecret.Span);
    }

    [Fact]
    public void Path_secrets_are_encrypted_under_the_provisional_context()
    {
        Room room = Room.Of("alice", "bob");
        byte[] message = room[0].Group.Commit(Party.Now, new CommitOptions { Message = new MessageOptions { Format = WireFormat.PublicMessage } }).Message.ToArray();
        Assert.True(MlsMessage.TryParse(message, out MlsMessage? parsed));
        EpochState old = room[1].Group.State;
        UpdatePath update = parsed.PublicMessage!.Content.Commit!.Path!;
        List<FilteredPathNode> path = TreeKem.FilteredPath(old.Tree.Root, 0);
        TreeEditor editor = old.Tree.Edit();
        TreeKem.MergePath(_crypto, editor, 0, path, [.. update.Nodes.Select(node => node.EncryptionKey)]);
        editor.SetLeaf(0, update.LeafNode);
        GroupContext provisional = old.Context.Next(editor.ToTree().TreeHash(_crypto), old.Context.ConfirmedTranscriptHash, old.Context.Extensions);
        Assert.Null(TreeKem.TryDecrypt(_crypto, update, path, (provisional, []), old.PrivateKeys, out _, out _));
        foreach (GroupContext wrong in new[]
        {
            old.Context,
            old.Context.Next(old.Context.TreeHash, old.Context.ConfirmedTranscriptHash, []),
            provisional.WithConfirmedTranscriptHash(new byte[32]),
        })
        {
            Assert.Same(Rule.PathSecret, TreeKem.TryDecrypt(_crypto, update, path, (wrong, []), old.PrivateKeys, out _, out _));
        }
    }

    [Fact]
    public void New_members_are_left_out_when_path_secrets_are_encrypted()
    {
        Room room = Room.Of("alice", "bob", "carol");
        KeyPackage[] added = [.. "defgh".Select(letter => Party.Create(letter.ToString()).NewKeyPackage())];
        var options = new CommitOptions
        {
            Proposals = [.. added.Select(Proposal.Add)],
            Message = new MessageOptions { Format = WireFormat.PublicMessage },
        };
        byte[] message = room[0].Group.Commit(Party.Now, options).Message.ToArray();
        Assert.True(MlsMessage.TryParse(message, out MlsMessage? parsed));
        IReadOnlyList<UpdatePathNode> nodes = parsed.PublicMessage!.Content.Commit!.Path!.Nodes;

        // Eight leaves now: bob on the first level, carol without the newcomer beside her, nobody on the third.
        Assert.Equal([1, 1, 0], nodes.Select(node => node.EncryptedPathSecrets.Count));
        room.Deliver(room[0], message);
        room[0].Group.ConfirmCommit(Party.Now);
        room.AssertAgreed();
        Assert.Equal(8, room[1].Group.MemberCount);
    }
}
