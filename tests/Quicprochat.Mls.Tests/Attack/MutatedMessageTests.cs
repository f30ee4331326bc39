using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tests.RandomGroups;

namespace Quicprochat.Mls.Tests.Attack;

/// <summary>
/// Real messages of every kind, bent and handed to a live member: it refuses each with an <see cref="MlsException"/> or names why it does
/// not process it, and neither its memory nor its store has moved. Afterwards the real message is still good.
/// </summary>
public sealed class MutatedMessageTests
{
    private const long Now = 1_800_000_000;
    private const int Wild = 400;

    public static TheoryData<string> Kinds() =>
    [
        "application", "public commit", "private commit", "commit that adds", "commit by reference", "external commit", "public proposal",
        "private proposal", "update proposal", "proposal to join",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_mutated_message_is_refused_and_changes_nothing(string kind)
    {
        AssertRefused(kind, CipherSuite.X25519Aes128GcmSha256Ed25519);
    }

    [Theory]
    [InlineData("private commit")]
    [InlineData("external commit")]
    public void So_it_is_in_the_default_suite(string kind)
    {
        AssertRefused(kind, CipherSuites.All.Default, everyByte: false);
    }

    [Theory]
    [InlineData("private commit")]
    [InlineData("external commit")]
    [InlineData("public proposal")]
    public void So_it_is_with_the_signatures_of_P256(string kind)
    {
        AssertRefused(kind, CipherSuite.P256Aes128GcmSha256P256, everyByte: false);
    }

    [Fact]
    public void A_mutated_Welcome_is_refused_and_the_real_one_can_still_be_used()
    {
        (Group creator, _, _) = NewGroup(CipherSuite.X25519Aes128GcmSha256Ed25519);
        (MlsClient joiner, CuttableStore store, SigningIdentity identity) = NewClient("joiner", CipherSuite.X25519Aes128GcmSha256Ed25519);
        creator.Commit(Now, new CommitOptions { Proposals = [Proposal.Add(joiner.CreateKeyPackage(identity, Now))] });
        byte[] welcome = creator.PendingCommit!.Welcome!.Value.ToArray();
        string before = store.Fingerprint;

        foreach (byte[] mutant in new Mutator(11, [welcome]).All(welcome, Wild))
        {
            AssertMls(mutant, () => Group.Join(joiner, mutant, Now));
        }

        Assert.Equal(before, store.Fingerprint);
        creator.ConfirmCommit(Now);
        Assert.Equal(creator.EpochAuthenticator, Group.Join(joiner, welcome, Now).EpochAuthenticator);
    }

    [Fact]
    public void A_mutated_GroupInfo_is_refused()
    {
        (Group creator, _, _) = NewGroup(CipherSuite.X25519Aes128GcmSha256Ed25519);
        (MlsClient joiner, CuttableStore store, SigningIdentity identity) = NewClient("joiner", CipherSuite.X25519Aes128GcmSha256Ed25519);
        byte[] groupInfo = creator.CreateGroupInfo();
        string before = store.Fingerprint;

        foreach (byte[] mutant in new Mutator(12, [groupInfo]).All(groupInfo, Wild))
        {
            AssertMls(mutant, () => Group.JoinExternally(joiner, identity, mutant, Now));
        }

        Assert.Equal(before, store.Fingerprint);
    }

    [Fact]
    public void A_mutated_key_package_is_not_read_or_not_added()
    {
        (Group creator, _, CuttableStore store) = NewGroup(CipherSuite.X25519Aes128GcmSha256Ed25519);
        (MlsClient joiner, _, SigningIdentity identity) = NewClient("joiner", CipherSuite.X25519Aes128GcmSha256Ed25519);
        byte[] keyPackage = joiner.CreateKeyPackage(identity, Now).ToMessage();
        string before = store.Fingerprint;

        foreach (byte[] mutant in new Mutator(13, [keyPackage]).All(keyPackage, Wild))
        {
            if (KeyPackage.TryParse(mutant, out KeyPackage? parsed))
            {
                AssertMls(mutant, () => creator.Commit(Now, new CommitOptions { Proposals = [Proposal.Add(parsed)] }));
                AssertMls(mutant, () => creator.Propose(Proposal.Add(parsed), Now));
            }
        }

        Assert.Equal(before, store.Fingerprint);
        Assert.Null(creator.PendingCommit);
    }

    [Fact]
    public void Junk_of_any_length_is_refused()
    {
        (Group creator, _, CuttableStore store) = NewGroup(CipherSuite.X25519Aes128GcmSha256Ed25519);
        string before = store.Fingerprint;
        var random = new Random(14);
        for (int i = 0; i < 3000; i++)
        {
            var junk = new byte[random.Next(200)];
            random.NextBytes(junk);
            if (i % 2 == 0 && junk.Length > 4)
            {
                // As far as a version and a wire format go, it looks like one of ours.
                new byte[] { 0, 1, 0, (byte)random.Next(6) }.CopyTo(junk, 0);
            }
            AssertMls(junk, () => creator.Process(junk, Now));
        }
        Assert.Equal(before, store.Fingerprint);
    }

    private static void AssertRefused(string kind, CipherSuite suite, bool everyByte = true)
    {
        (Group sender, Group victim, CuttableStore store) = NewGroup(suite);
        byte[] other = victim.Protect("another message"u8);
        byte[] message = Make(kind, suite, sender, victim);
        byte[] authenticator = victim.EpochAuthenticator;
        string before = store.Fingerprint;
        IEnumerable<byte[]> mutants = new Mutator(kind.Length, [message, other]).All(message, Wild);
        int skipped = everyByte ? 0 : Math.Max(0, message.Length - 200);

        foreach (byte[] mutant in mutants.Skip(skipped))
        {
            AssertMls(mutant, () => victim.Process(mutant, Now));
            Assert.True(before == store.Fingerprint, $"the store has moved by {Convert.ToHexString(mutant)}");
            Assert.Equal(authenticator, victim.EpochAuthenticator);
        }

        Assert.IsNotType<NotProcessed>(victim.Process(message, Now));
    }

    private static byte[] Make(string kind, CipherSuite suite, Group sender, Group victim)
    {
        var inPublic = new MessageOptions { Format = WireFormat.PublicMessage };
        var inPrivate = new MessageOptions { Format = WireFormat.PrivateMessage, AuthenticatedData = new byte[] { 1, 2, 3 } };
        (MlsClient outsider, _, SigningIdentity identity) = NewClient("outsider", suite);
        switch (kind)
        {
            case "application":
                return sender.Protect("a message"u8, inPrivate);
            case "public commit":
                return sender.Commit(Now, new CommitOptions { Message = inPublic }).Message.ToArray();
            case "private commit":
                return sender.Commit(Now, new CommitOptions { Message = inPrivate }).Message.ToArray();
            case "commit that adds":
                Proposal add = Proposal.Add(outsider.CreateKeyPackage(identity, Now));
                return sender.Commit(Now, new CommitOptions { Proposals = [add], AlwaysPath = false, Message = inPublic }).Message.ToArray();
            case "commit by reference":
                sender.Process(victim.ProposeUpdate(Now, options: inPublic), Now);
                return sender.Commit(Now, new CommitOptions { Message = inPublic }).Message.ToArray();
            case "external commit":
                return Group.JoinExternally(outsider, identity, sender.CreateGroupInfo(), Now).Message.ToArray();
            case "public proposal":
                return sender.Propose(Proposal.Add(outsider.CreateKeyPackage(identity, Now)), Now, inPublic);
            case "private proposal":
                return sender.Propose(Proposal.Remove(victim.OwnLeafIndex), Now, inPrivate);
            case "update proposal":
                return sender.ProposeUpdate(Now, options: inPublic);
            case "proposal to join":
                return Group.ProposeToJoin(outsider, outsider.CreateKeyPackage(identity, Now), sender.GroupId, sender.Epoch);
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>A refusal, or a reason for not processing; any other exception is the defect these tests look for.</summary>
    private static void AssertMls(byte[] mutant, Func<object> call)
    {
        try
        {
            object result = call();
            Assert.True(result is NotProcessed, $"{result.GetType().Name} for {Convert.ToHexString(mutant)}");
        }
        catch (MlsException)
        {
            // What must happen.
        }
        catch (Exception other) when (other is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{other.GetType().Name} for {Convert.ToHexString(mutant)}: {other}");
        }
    }

    private static (Group Sender, Group Victim, CuttableStore VictimStore) NewGroup(CipherSuite suite)
    {
        (MlsClient senderClient, _, SigningIdentity senderIdentity) = NewClient("sender", suite);
        (MlsClient victimClient, CuttableStore victimStore, SigningIdentity victimIdentity) = NewClient("victim", suite);
        (MlsClient thirdClient, _, SigningIdentity thirdIdentity) = NewClient("third", suite);
        Group sender = Group.Create(senderClient, senderIdentity, Now);
        PendingCommit added = sender.Commit(Now, new CommitOptions
        {
            Proposals = [Proposal.Add(thirdClient.CreateKeyPackage(thirdIdentity, Now)), Proposal.Add(victimClient.CreateKeyPackage(victimIdentity, Now))],
        });
        sender.ConfirmCommit(Now);
        return (sender, Group.Join(victimClient, added.Welcome!.Value.Span, Now), victimStore);
    }

    private static (MlsClient Client, CuttableStore Store, SigningIdentity Identity) NewClient(string name, CipherSuite suite)
    {
        var store = new CuttableStore();
        var client = new MlsClient
        {
            Authentication = new AcceptEveryone(),
            Store = store,
            Random = new SeededRandomSource(name),
            // What claims to be of a later epoch would be held unverified, and that is a change.
            Retention = new RetentionPolicy { HeldMessagesMax = 0 },
        };
        return (client, store, client.CreateIdentity(Credential.Basic(name), suite));
    }
}
