using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Groups;

/// <summary>Messages that are wrong as messages (RFC 9420 §6).</summary>
public class FramingRuleTests
{
    private static byte[] Vector(params byte[] data)
    {
        var writer = new Writer(data.Length + 4);
        writer.WriteVector(data);
        return writer.ToArray();
    }

    [Fact]
    [Breaks(MlsErrorCode.Malformed, MlsErrorCode.UnexpectedMessage, MlsErrorCode.WrongGroup)]
    public void Bytes_of_another_kind_or_another_group()
    {
        Room room = Room.Of("alice", "bob");
        byte[] good = room[0].Group.Protect("hi"u8);
        Refused.By(MlsErrorCode.Malformed, room[1], []);
        Refused.By(MlsErrorCode.Malformed, room[1], [.. good, 0]);
        Refused.By(MlsErrorCode.Malformed, room[1], good[..^1]);
        Refused.By(MlsErrorCode.Malformed, room[1], [0, 2, .. good[2..]]);
        Refused.By(MlsErrorCode.Malformed, room[1], [0, 1, 0, 9, .. good[4..]]);
        Refused.By(MlsErrorCode.UnexpectedMessage, room[1], room[0].Group.CreateGroupInfo());
        Refused.By(MlsErrorCode.WrongGroup, room[1], Room.Of("carol", "dora")[0].Group.Protect("hi"u8));
        Assert.IsType<ReceivedApplication>(room[1].Group.Process(good, Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.SenderBlank)]
    public void A_sender_that_is_no_member()
    {
        Room room = Room.Of("alice", "bob", "carol");
        var forge = new Forge(room[0]);
        Refused.By(MlsErrorCode.SenderBlank, room[1], forge.Proposal(Proposal.Remove(2), Sender.Member(3)));
        Refused.By(MlsErrorCode.SenderBlank, room[1], forge.Proposal(Proposal.Remove(2), Sender.Member(uint.MaxValue)));
        foreach (uint leaf in new[] { 3u, 4u, 1u << 31, uint.MaxValue })
        {
            Refused.By(MlsErrorCode.SenderBlank, room[1], forge.Private(ContentType.Application, Vector(1), data => data with { LeafIndex = leaf }));
        }
    }

    [Fact]
    [Breaks(MlsErrorCode.MessageSignature, MlsErrorCode.MembershipTag)]
    public void A_message_in_the_name_of_another()
    {
        Room room = Room.Of("alice", "bob", "carol");
        var forge = new Forge(room[0]);
        Refused.By(MlsErrorCode.MessageSignature, room[1], forge.Proposal(Proposal.Remove(0), Sender.Member(2)));

        byte[] message = forge.Proposal(Proposal.Remove(2));
        message[^1] ^= 1;
        Refused.By(MlsErrorCode.MembershipTag, room[1], message);
    }

    [Fact]
    public void A_tag_that_is_shorter_or_longer_than_the_hash_is_not_a_tag()
    {
        Room room = Room.Of("alice", "bob", "carol");
        byte[] message = new Forge(room[0]).Proposal(Proposal.Remove(2));
        Refused.By(MlsErrorCode.MembershipTag, room[1], [.. message[..^33], 0]);
        Refused.By(MlsErrorCode.MembershipTag, room[1], [.. message[..^33], 1, message[^32]]);
        Refused.By(MlsErrorCode.MembershipTag, room[1], [.. message[..^33], 33, .. message[^32..], 0]);
        Refused.By(MlsErrorCode.Malformed, room[1], [.. message[..^33], 31, .. message[^32..]]);
    }

    [Fact]
    [Breaks(MlsErrorCode.ApplicationNotEncrypted)]
    public void Application_data_in_the_clear()
    {
        Room room = Room.Of("alice", "bob");
        Refused.By(MlsErrorCode.ApplicationNotEncrypted, room[1], new Forge(room[0]).Message(ContentType.Application, Vector(1)));
    }

    [Fact]
    [Breaks(MlsErrorCode.SenderNotAllowed, MlsErrorCode.ExternalSenderUnknown, MlsErrorCode.ExternalProposalType, MlsErrorCode.ExternalCommitPath)]
    public void Content_that_its_kind_of_sender_may_not_send()
    {
        Party alice = Party.Create("alice");
        Party bob = Party.Create("bob");
        var sender = new ExternalSender(alice.Identity.SignatureKey, alice.Identity.Credential);
        Room.Of(new GroupOptions { Extensions = [ExternalSender.ToExtension(sender)] }, alice, bob);
        var forge = new Forge(alice);
        byte[] emptyCommit = Forge.Body([], null);
        byte[] remove = Proposal.Remove(1).Encoded.ToArray();
        Refused.By(MlsErrorCode.SenderNotAllowed, bob, forge.Message(ContentType.Commit, emptyCommit, new Sender(SenderType.External, 0)));
        Refused.By(MlsErrorCode.ExternalSenderUnknown, bob, forge.Message(ContentType.Proposal, remove, new Sender(SenderType.External, 1)));
        Refused.By(MlsErrorCode.ExternalSenderUnknown, bob, forge.Message(ContentType.Proposal, remove, new Sender(SenderType.External, uint.MaxValue)));
        byte[] init = Proposal.ExternalInit(new byte[32]).Encoded.ToArray();
        Refused.By(MlsErrorCode.ExternalProposalType, bob, forge.Message(ContentType.Proposal, init, new Sender(SenderType.External, 0)));
        Refused.By(MlsErrorCode.SenderNotAllowed, bob, forge.Message(ContentType.Proposal, remove, new Sender(SenderType.NewMemberProposal, 0)));
        Refused.By(MlsErrorCode.SenderNotAllowed, bob, forge.Message(ContentType.Commit, emptyCommit, new Sender(SenderType.NewMemberProposal, 0)));
        Refused.By(MlsErrorCode.SenderNotAllowed, bob, forge.Message(ContentType.Proposal, remove, new Sender(SenderType.NewMemberCommit, 0)));
        Refused.By(MlsErrorCode.ExternalCommitPath, bob, forge.Message(ContentType.Commit, emptyCommit, new Sender(SenderType.NewMemberCommit, 0)));
    }

    [Fact]
    [Breaks(MlsErrorCode.SenderData, MlsErrorCode.Ciphertext)]
    public void A_private_message_that_was_changed_on_its_way()
    {
        Room room = Room.Of("alice", "bob");
        byte[] message = room[0].Group.Protect("hello there, how are you? this is longer than the sample of the ciphertext"u8);
        Assert.True(MlsMessage.TryParse(message, out MlsMessage? parsed));
        PrivateMessage honest = parsed.PrivateMessage!;
        Refused.By(MlsErrorCode.Ciphertext, room[1], With(honest, ciphertext: Flip(honest.Ciphertext, 40)));
        Refused.By(MlsErrorCode.SenderData, room[1], With(honest, ciphertext: Flip(honest.Ciphertext, 0)));
        Refused.By(MlsErrorCode.SenderData, room[1], With(honest, ciphertext: honest.Ciphertext[..16]));
        Refused.By(MlsErrorCode.SenderData, room[1], With(honest, ciphertext: ReadOnlyMemory<byte>.Empty));
        Refused.By(MlsErrorCode.SenderData, room[1], With(honest, senderData: Flip(honest.EncryptedSenderData, 3)));
        Refused.By(MlsErrorCode.SenderData, room[1], With(honest, senderData: honest.EncryptedSenderData[..15]));
        Refused.By(MlsErrorCode.SenderData, room[1], With(honest, senderData: default(ReadOnlyMemory<byte>)));
        Refused.By(MlsErrorCode.SenderData, room[1], With(honest, type: ContentType.Proposal));
        Refused.By(MlsErrorCode.Ciphertext, room[1], With(honest, authenticatedData: new byte[1]));

        // None of it cost the ratchet its key.
        Assert.IsType<ReceivedApplication>(room[1].Group.Process(message, Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.Padding)]
    public void Padding_that_is_not_zero()
    {
        Room room = Room.Of("alice", "bob");
        var forge = new Forge(room[0]);
        Refused.By(MlsErrorCode.Padding, room[1], forge.Private(ContentType.Application, Vector(1), padding: [0, 0, 1]));
        Refused.By(MlsErrorCode.Malformed, room[1], forge.Private(ContentType.Proposal, Proposal.Remove(0).Encoded.ToArray(), cut: 3));
        Refused.By(MlsErrorCode.Malformed, room[1], forge.Private(ContentType.Proposal, Proposal.Remove(0).Encoded.ToArray(), cut: 9));
        Assert.IsType<ReceivedApplication>(room[1].Group.Process(forge.Private(ContentType.Application, Vector(1), padding: [0, 0, 0]), Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.GenerationTooFar, MlsErrorCode.GenerationExhausted, MlsErrorCode.GenerationConsumed)]
    public void A_generation_that_is_too_far_ahead_or_used_up()
    {
        Room room = Room.Of("alice", "bob");
        var forge = new Forge(room[0]);
        Refused.By(MlsErrorCode.GenerationTooFar, room[1], forge.Private(ContentType.Application, Vector(1), data => data with { Generation = 2001 }));
        Refused.By(MlsErrorCode.GenerationExhausted, room[1], forge.Private(ContentType.Application, Vector(1), data => data with { Generation = uint.MaxValue }));

        // Used keys show as duplicates at the edge; the ratchet itself has a name for them.
        byte[] message = room[0].Group.Protect("once"u8);
        Assert.IsType<ReceivedApplication>(room[1].Group.Process(message, Party.Now));
        var state = room[1].Group.State;
        Assert.Same(
            Rule.GenerationConsumed,
            state.SecretTree.TryPrepareReceive(forge.Crypto, 0, KeySchedule.RatchetKind.Application, 0, new KeySchedule.RatchetLimits(9, 9), out _));
    }

    [Fact]
    [Breaks(MlsErrorCode.PastEpoch, MlsErrorCode.FutureEpoch, MlsErrorCode.Duplicate, MlsErrorCode.OwnMessage)]
    public void Unprotect_names_what_it_does_not_decrypt()
    {
        Party alice = Party.Create("alice");
        Party bob = Party.Create("bob", change: options => options with { Retention = new RetentionPolicy { PastEpochsMax = 0 } });
        Room room = Room.Of(alice, bob);
        byte[] first = alice.Group.Protect("1"u8);
        byte[] second = alice.Group.Protect("2"u8);
        bob.Group.Unprotect(first, Party.Now);
        Refused.By(MlsErrorCode.Duplicate, () => bob.Group.Unprotect(first, Party.Now));
        Refused.By(MlsErrorCode.OwnMessage, () => alice.Group.Unprotect(first, Party.Now));
        byte[] commit = alice.Group.Commit(Party.Now).Message.ToArray();
        Refused.By(MlsErrorCode.UnexpectedMessage, () => bob.Group.Unprotect(commit, Party.Now));
        alice.Group.ConfirmCommit(Party.Now);
        Refused.By(MlsErrorCode.FutureEpoch, () => bob.Group.Unprotect(alice.Group.Protect("3"u8), Party.Now));
        bob.Group.Process(commit, Party.Now);
        Refused.By(MlsErrorCode.PastEpoch, () => bob.Group.Unprotect(second, Party.Now));
        Refused.By(MlsErrorCode.PastEpoch, () => bob.Group.Stage(commit, Party.Now));
        Assert.Equal(2, room.Members.Count);
    }

    private static byte[] Flip(ReadOnlyMemory<byte> bytes, int place)
    {
        byte[] copy = bytes.ToArray();
        copy[place] ^= 1;
        return copy;
    }

    private static byte[] With(
        PrivateMessage message,
        ReadOnlyMemory<byte>? ciphertext = null,
        ReadOnlyMemory<byte>? senderData = null,
        ReadOnlyMemory<byte>? authenticatedData = null,
        ContentType? type = null) =>
        MlsMessage.Encode(new PrivateMessage
        {
            GroupId = message.GroupId,
            Epoch = message.Epoch,
            ContentType = type ?? message.ContentType,
            AuthenticatedData = authenticatedData ?? message.AuthenticatedData,
            EncryptedSenderData = senderData ?? message.EncryptedSenderData,
            Ciphertext = ciphertext ?? message.Ciphertext,
        });
}
