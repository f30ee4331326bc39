using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Tests;

/// <summary>Whatever arrives, the answer is a result or an <see cref="MlsException"/>, and the group goes on.</summary>
public class MutationTests
{
    [Fact]
    public void Any_damage_to_any_message_is_refused_and_leaves_the_group_alone()
    {
        Party alice = Party.Create("alice", change: options => options with { Format = WireFormat.PublicMessage });
        Party bob = Party.Create("bob");
        Party carol = Party.Create("carol");
        Room room = Room.Of(alice, bob, carol);
        byte[] application = alice.Group.Protect("hello"u8);
        byte[] update = alice.Group.ProposeUpdate(Party.Now);
        byte[] open = carol.Group.Commit(Party.Now, new CommitOptions { Message = new MessageOptions { Format = WireFormat.PublicMessage } }).Message.ToArray();
        carol.Group.DropCommit();
        byte[] hidden = carol.Group.Commit(Party.Now).Message.ToArray();
        carol.Group.DropCommit();
        byte[] authenticator = bob.Group.EpochAuthenticator;
        byte[][] messages = [application, update, open, hidden];
        Gen.Select(Gen.Int[0, messages.Length - 1], Gen.Int[0, 5000], Gen.Byte[1, 255], Gen.Int[0, 2]).Sample(
            (which, place, change, how) =>
            {
                byte[] message = [.. messages[which]];
                place %= message.Length;
                message[place] ^= change;
                message = how switch { 0 => message, 1 => message[..place], _ => [.. message[..place], change, .. message[place..]] };
                Try(bob, message);
                Assert.Equal(authenticator, bob.Group.EpochAuthenticator);
                Assert.Empty(bob.Group.PendingProposals);
            },
            iter: 2000,
            threads: 1);
        Assert.IsType<ReceivedApplication>(bob.Group.Process(application, Party.Now));
        Assert.IsType<ReceivedProposal>(bob.Group.Process(update, Party.Now));
        Assert.IsType<ReceivedCommit>(bob.Group.Process(hidden, Party.Now));
        Assert.Equal(3, room.Members.Count);
    }

    [Fact]
    public void Any_bytes_parse_or_do_not()
    {
        Gen.Byte.Array[0, 300].Sample(
            bytes =>
            {
                byte[] framed = [0, 1, 0, (byte)(bytes.Length % 6), .. bytes];
                if (MlsMessage.TryParse(framed, out MlsMessage? message))
                {
                    var writer = new Codec.Writer(64);
                    message.Write(ref writer);
                    Assert.Equal(framed, writer.ToArray());
                }
                if (RatchetTree.TryParse(bytes, out RatchetTree? tree))
                {
                    Assert.Equal(bytes, tree.ToArray());
                }
                if (Proposal.TryParse(bytes, out Proposal? proposal))
                {
                    Assert.Equal(bytes, proposal.Encoded.ToArray());
                }
                return true;
            },
            iter: 20_000,
            threads: 1);
    }

    [Fact]
    public void A_damaged_welcome_or_group_info_is_refused()
    {
        Room room = Room.Of("alice", "bob");
        Party dora = Party.Create("dora");
        byte[] welcome = room[0].Group.Add([dora.NewKeyPackage()], Party.Now).Welcome!.Value.ToArray();
        byte[] info = room[1].Group.CreateGroupInfo();
        Gen.Select(Gen.Bool, Gen.Int[0, 5000], Gen.Byte[1, 255]).Sample(
            (first, place, change) =>
            {
                byte[] message = [.. first ? welcome : info];
                message[place % message.Length] ^= change;
                Assert.Throws<MlsException>(() => first
                    ? Group.Join(dora.Client, message, Party.Now)
                    : Group.JoinExternally(dora.Client, dora.Identity, message, Party.Now).Confirm());
            },
            iter: 500,
            threads: 1);
        Assert.NotNull(Group.Join(dora.Client, welcome, Party.Now));
    }

    private static void Try(Party party, byte[] message)
    {
        try
        {
            party.Group.Process(message, Party.Now);
        }
        catch (MlsException exception)
        {
            Assert.NotEqual(MlsErrorCode.None, exception.Code);
        }
    }
}
