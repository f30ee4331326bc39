using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Tests.Storage;

/// <summary>
/// A stored group of every format version there has been must load for ever. Samples are written once, by
/// <see cref="Write_a_sample_of_the_present_version"/>, when the version is new, and never again.
/// </summary>
public class SampleTests
{
    private static string Folder()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("global.json is nowhere above the tests.");
        }
        return Path.Combine(folder, "tests", "Quicprochat.Mls.Tests", "Storage", "Samples");
    }

    [Fact]
    public void There_is_a_sample_of_every_version()
    {
        for (int version = 1; version <= RecordSet.FormatVersion; version++)
        {
            // Every kind of record is in it, and key packages.
            HashSet<byte> kinds = [];
            foreach (string sample in (string[])[$"group-v{version}.txt", $"join-v{version}.txt"])
            {
                ILookup<string, string[]> lines = Read(sample);
                int prefix = RecordKey.Prefix(Convert.FromHexString(lines["group-id"].Single()[0])).Length;
                kinds.UnionWith(lines["record"].Select(words => Convert.FromHexString(words[0])).Select(key => key[0] == (byte)'g' ? key[prefix] : (byte)0));
            }
            Assert.Equal<byte>([0, .. Enum.GetValues<RecordKind>().Select(kind => (byte)kind)], [.. kinds.Order()]);
        }
    }

    [Theory]
    [InlineData(1)]
    public void A_stored_group_of_an_earlier_version_loads_and_goes_on(int version)
    {
        ILookup<string, string[]> lines = Read($"group-v{version}.txt");
        byte[] Hex(string name) => Convert.FromHexString(lines[name].Single()[0]);
        Party alice = Party.Create("alice");
        RecordChange[] records = [.. lines["record"].Select(words => new RecordChange(Convert.FromHexString(words[0]), Convert.FromHexString(words[1])))];
        alice.Store.Apply(new GroupChanges { GroupId = default, Records = records });
        alice.Group = Group.TryLoad(alice.Client, Hex("group-id"))!;
        Assert.Equal(Hex("authenticator"), alice.Group.EpochAuthenticator);
        Assert.Equal(3, alice.Group.MemberCount);

        // A late message of the epoch before, one that was passed over, one of a sender not heard yet.
        Assert.Equal("late"u8, alice.Group.Unprotect(Hex("late"), Party.Now).Data.Span);
        Assert.Equal("first"u8, alice.Group.Unprotect(Hex("first"), Party.Now).Data.Span);
        Assert.Equal(NotProcessedReason.Duplicate, Assert.IsType<NotProcessed>(alice.Group.Process(Hex("second"), Party.Now)).Reason);
        Assert.Equal("carol"u8, alice.Group.Unprotect(Hex("carol"), Party.Now).Sender.Credential.Identity.Span);

        // The proposals, the pending commit, the held message.
        Assert.Equal(2, alice.Group.PendingProposals.Count);
        Assert.Equal(Hex("commit"), alice.Group.PendingCommit!.Message.ToArray());
        alice.Group.ConfirmCommit(Party.Now);
        Assert.Equal(Hex("next-authenticator"), alice.Group.EpochAuthenticator);
        Assert.True(alice.Group.TryTakeHeld(out ReadOnlyMemory<byte> held));
        Assert.Equal("held"u8, Assert.IsType<ReceivedApplication>(alice.Group.Process(held.Span, Party.Now)).Data.Span);

        // An old resumption key, and the key package that was not used.
        alice.Group.Commit(Party.Now, new CommitOptions { Proposals = [alice.Group.ResumptionPsk(1)] });
        alice.Group.ConfirmCommit(Party.Now);
        alice.Reload();
        Assert.True(KeyPackage.TryParse(Hex("key-package"), out KeyPackage? keyPackage));
        Room room = Room.Of("zoe");
        room[0].Group.Add([keyPackage], Party.Now);
        Assert.NotNull(Group.Join(alice.Client, room[0].Group.PendingCommit!.Welcome!.Value.Span, Party.Now));
    }

    [Theory]
    [InlineData(1)]
    public void A_stored_join_of_an_earlier_version_loads_and_goes_on(int version)
    {
        ILookup<string, string[]> lines = Read($"join-v{version}.txt");
        byte[] Hex(string name) => Convert.FromHexString(lines[name].Single()[0]);
        Party dora = Party.Create("dora");
        RecordChange[] records = [.. lines["record"].Select(words => new RecordChange(Convert.FromHexString(words[0]), Convert.FromHexString(words[1])))];
        dora.Store.Apply(new GroupChanges { GroupId = default, Records = records });
        PendingJoin join = Group.TryLoadJoin(dora.Client, Hex("group-id"))!;
        Assert.Equal(Hex("commit"), join.Message.ToArray());
        dora.Group = join.Confirm();
        Assert.Equal(Hex("authenticator"), dora.Group.EpochAuthenticator);
        Assert.Equal("welcome"u8, dora.Group.Unprotect(Hex("message"), Party.Now).Data.Span);
        Assert.Null(Group.TryLoadJoin(dora.Client, Hex("group-id")));
    }

    [Fact]
    public void Write_a_sample_of_the_present_version()
    {
        Room room = Room.Of("alice", "bob", "carol");
        (Party alice, Party bob, Party carol) = (room[0], room[1], room[2]);
        byte[] keyPackage = alice.NewKeyPackage().ToMessage();
        byte[] late = bob.Group.Protect("late"u8);
        room.Commit(bob);
        byte[] first = bob.Group.Protect("first"u8);
        byte[] second = bob.Group.Protect("second"u8);
        byte[] third = carol.Group.Protect("third"u8);
        alice.Group.Unprotect(second, Party.Now);
        bob.Group.Unprotect(third, Party.Now);
        string authenticator = Convert.ToHexString(alice.Group.EpochAuthenticator);
        room.Deliver(bob, bob.Group.ProposeUpdate(Party.Now));
        room.Deliver(alice, alice.Group.ProposeUpdate(Party.Now, new LeafChanges { Identity = alice.Client.CreateIdentity(alice.Identity.Credential, alice.Identity.CipherSuite) }));
        PendingCommit pending = alice.Group.Commit(Party.Now);
        room.Deliver(alice, pending.Message);
        alice.Group.Process(bob.Group.Protect("held"u8), Party.Now);
        Write(
            $"group-v{RecordSet.FormatVersion}.txt",
            [
                $"group-id {Convert.ToHexString(alice.Group.GroupId.Span)}",
                $"authenticator {authenticator}",
                $"next-authenticator {Convert.ToHexString(bob.Group.EpochAuthenticator)}",
                $"late {Convert.ToHexString(late)}",
                $"first {Convert.ToHexString(first)}",
                $"second {Convert.ToHexString(second)}",
                $"carol {Convert.ToHexString(third)}",
                $"commit {Convert.ToHexString(pending.Message.Span)}",
                $"key-package {Convert.ToHexString(keyPackage)}",
                .. alice.Store.ReadRange(default).Select(record => $"record {Convert.ToHexString(record.Key.Span)} {Convert.ToHexString(record.Value.Span)}"),
            ]);
    }

    [Fact]
    public void Write_a_sample_of_a_join_of_the_present_version()
    {
        Room room = Room.Of("alice", "bob");
        Party dora = Party.Create("dora");
        ReadOnlyMemory<byte> commit = Group.JoinExternally(dora.Client, dora.Identity, room[0].Group.CreateGroupInfo(), Party.Now).Message;
        room[0].Group.Process(commit.Span, Party.Now);
        Write(
            $"join-v{RecordSet.FormatVersion}.txt",
            [
                $"group-id {Convert.ToHexString(room[0].Group.GroupId.Span)}",
                $"authenticator {Convert.ToHexString(room[0].Group.EpochAuthenticator)}",
                $"commit {Convert.ToHexString(commit.Span)}",
                $"message {Convert.ToHexString(room[0].Group.Protect("welcome"u8))}",
                .. dora.Store.ReadRange(default).Select(record => $"record {Convert.ToHexString(record.Key.Span)} {Convert.ToHexString(record.Value.Span)}"),
            ]);
    }

    /// <summary>Into the repository only on request, and only what is not there: a kept sample is never written again.</summary>
    private static void Write(string name, string[] lines)
    {
        bool keep = Environment.GetEnvironmentVariable("QPC_WRITE_SAMPLES") == "1" && !File.Exists(Path.Combine(Folder(), name));
        string folder = keep ? Folder() : Directory.CreateTempSubdirectory("qpc-samples-").FullName;
        File.WriteAllLines(Path.Combine(folder, name), lines);
        if (!keep)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ILookup<string, string[]> Read(string name) =>
        File.ReadLines(Path.Combine(Folder(), name)).Select(line => line.Split(' ')).ToLookup(words => words[0], words => words[1..]);
}
