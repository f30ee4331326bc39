using System.Security.Cryptography;
using System.Text;

namespace Quicprochat.Interop.Mls;

/// <summary>samples/MlsPeer as people will use it: a process that is told lines.</summary>
public sealed class MlsPeerTests
{
    private const string DefaultSuite = "0xF001";

    [Fact]
    public async Task Two_peers_talk_through_twenty_epochs_in_the_default_suite()
    {
        await using var conversation = new Conversation();
        LinePeer alice = await conversation.Introduce(LinePeer.StartOurs(), DefaultSuite, "private");
        LinePeer bob = await conversation.Introduce(LinePeer.StartOurs(), DefaultSuite, "public");
        await conversation.Create(alice);
        await conversation.Add(alice, bob);
        while (conversation.Epoch < 20)
        {
            await conversation.Update(conversation.Epoch % 2 == 0 ? alice : bob);
            await conversation.Chat();
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    [InlineData("0xF002")]
    [InlineData("0xF003")]
    [InlineData("0xF004")]
    [InlineData("0xF005")]
    [InlineData("79 MLS_128_MLKEM768X25519_AES128GCM_SHA256_Ed25519")]
    public async Task Four_peers_do_everything_in_every_suite(string suite)
    {
        await using var conversation = new Conversation();
        var peers = new LinePeer[4];
        for (int i = 0; i < peers.Length; i++)
        {
            peers[i] = await conversation.Introduce(LinePeer.StartOurs(), suite, i % 2 == 0 ? "public" : "private");
        }
        await conversation.Create(peers[0]);
        await conversation.Add(peers[0], peers[1], peers[2]);
        await conversation.ShareSecret("psk", "0102");
        await conversation.Update(peers[1]);
        await conversation.JoinExternally(peers[3], peers[2]);
        await conversation.Remove(peers[3], peers[0]);
        await conversation.Chat();
    }

    [Fact]
    public async Task A_held_commit_is_merged_when_it_is_confirmed_and_gone_when_it_is_dropped()
    {
        await using var conversation = new Conversation();
        LinePeer alice = await conversation.Introduce(LinePeer.StartOurs(), "1");
        LinePeer bob = await conversation.Introduce(LinePeer.StartOurs(), "1");
        await conversation.Create(alice);
        await conversation.Add(alice, bob);
        string before = await alice.Ask("authenticator", "authenticator");

        await alice.Set("hold on");
        await alice.Ask("update", "commit");
        Assert.Equal(before, await alice.Ask("authenticator", "authenticator"));
        await alice.Ask("update", "error");
        await alice.Set("drop");
        await alice.Ask("drop", "error");
        Assert.Equal(before, await alice.Ask("authenticator", "authenticator"));

        string commit = await alice.Ask("update", "commit");
        await alice.Set("confirm");
        Assert.Equal("2", await bob.Ask($"process {commit}", "epoch"));
        Assert.Equal(await alice.Ask("authenticator", "authenticator"), await bob.Ask("authenticator", "authenticator"));
    }

    [Fact]
    public async Task Of_two_commits_the_one_that_lost_is_dropped_when_the_other_is_processed()
    {
        await using var conversation = new Conversation();
        LinePeer alice = await conversation.Introduce(LinePeer.StartOurs(), "1");
        LinePeer bob = await conversation.Introduce(LinePeer.StartOurs(), "1");
        await conversation.Create(alice);
        await conversation.Add(alice, bob);
        await alice.Set("hold on");
        await alice.Ask("update", "commit");

        string winner = await bob.Ask("update", "commit");

        Assert.Equal("2", await alice.Ask($"process {winner}", "epoch"));
        await alice.Ask("confirm", "error");
        Assert.Equal(await alice.Ask("authenticator", "authenticator"), await bob.Ask("authenticator", "authenticator"));
    }

    [Fact]
    public async Task A_saved_peer_goes_on_in_another_process()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var conversation = new Conversation();
        LinePeer alice = await conversation.Introduce(LinePeer.StartOurs(), "1");
        LinePeer bob = await conversation.Introduce(LinePeer.StartOurs(), "1");
        await conversation.Create(alice);
        await conversation.Add(alice, bob);
        try
        {
            await alice.Set($"save {file}");
            string authenticator = await alice.Ask("authenticator", "authenticator");

            await using LinePeer again = LinePeer.StartOurs();
            await again.Set($"load {file}");

            Assert.Equal(authenticator, await again.Ask("authenticator", "authenticator"));
            string message = await again.Ask("send hello again", "message");
            Assert.Equal("hello again", await bob.Ask($"process {message}", "application"));
            string commit = await again.Ask("update", "commit");
            Assert.Equal("2", await bob.Ask($"process {commit}", "epoch"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("suite 12345")]
    [InlineData("suite one")]
    [InlineData("suite -1")]
    [InlineData("suite 1 MLS_UNHEARD_OF")]
    [InlineData("wire pigeon")]
    [InlineData("hold maybe")]
    [InlineData("psk only-an-id")]
    [InlineData("psk id nothex")]
    [InlineData("create nothex")]
    [InlineData("create")]
    [InlineData("add")]
    [InlineData("add 00")]
    [InlineData("join 0001000300")]
    [InlineData("external 0001000400")]
    [InlineData("process")]
    [InlineData("process zz")]
    [InlineData("process 00010002")]
    [InlineData("remove 0")]
    [InlineData("remove 4294967295")]
    [InlineData("remove 7 7")]
    [InlineData("export label 00")]
    [InlineData("export label 00 99999999")]
    [InlineData("load /nowhere/at/all")]
    [InlineData("load")]
    [InlineData("save")]
    [InlineData("confirm")]
    [InlineData("drop")]
    [InlineData("members and more")]
    [InlineData("MEMBERS")]
    [InlineData("\u0000\u0001")]
    public async Task A_line_that_is_refused_says_so_and_changes_nothing(string line)
    {
        await using var conversation = new Conversation();
        LinePeer alice = await conversation.Introduce(LinePeer.StartOurs(), "1");
        LinePeer bob = await conversation.Introduce(LinePeer.StartOurs(), "1");
        await conversation.Create(alice);
        await conversation.Add(alice, bob);
        string authenticator = await alice.Ask("authenticator", "authenticator");

        string refusal = await alice.Ask(line, "error");

        Assert.Matches("^[A-Za-z]+ .+", refusal);
        Assert.Equal(authenticator, await alice.Ask("authenticator", "authenticator"));
        await conversation.Chat();
        await conversation.Update(alice);
    }

    [Fact]
    public async Task Before_there_is_a_group_everything_about_it_is_refused()
    {
        await using LinePeer peer = LinePeer.StartOurs();
        foreach (string line in (string[])["send hi", "update", "groupinfo", "members", "authenticator", "export l  16", "remove 0", "process 00", "confirm", "drop", "keypackage", "create 01"])
        {
            await peer.Ask(line, "error");
        }
        await peer.Set("identity someone", "create 01");
        Assert.Equal("0:someone", await peer.Ask("members", "members"));
    }

    [Fact]
    public async Task Junk_is_answered_line_by_line()
    {
        var random = new Random(20260731);
        string[] names = ["suite", "identity", "wire", "join", "process", "add", "external", "remove", "export", "psk", "load", "create", "hold", ""];
        await using LinePeer peer = LinePeer.StartOurs();
        for (int i = 0; i < 500; i++)
        {
            var junk = new byte[random.Next(0, 60)];
            random.NextBytes(junk);
            string tail = i % 2 == 0 ? Convert.ToHexString(junk) : Encoding.Latin1.GetString(junk).Replace('\n', ' ').Replace('\r', ' ');
            await peer.Set($"{names[random.Next(names.Length)]} {tail}");
        }
        await peer.Set("identity still here", "suite 1", "create 01");

        await peer.Set("members");
        string line;
        do
        {
            line = await peer.Line();
        }
        while (line.StartsWith("error ", StringComparison.Ordinal));
        Assert.Equal("members 0:still%20here", line);
    }

    [Fact]
    public async Task Text_arrives_as_it_was_sent_and_an_answer_stays_one_line()
    {
        await using var conversation = new Conversation();
        LinePeer alice = await conversation.Introduce(LinePeer.StartOurs(), "1");
        LinePeer bob = await conversation.Introduce(LinePeer.StartOurs(), "1");
        await conversation.Create(alice);
        await conversation.Add(alice, bob);

        foreach (string text in (string[])["", " leading and trailing ", "日本語 ∀x", Convert.ToHexString(RandomNumberGenerator.GetBytes(20_000))])
        {
            await conversation.Send(alice, text);
        }
    }

    [Fact]
    public async Task A_message_told_twice_is_named_a_duplicate_and_ones_own_is_named_so()
    {
        await using var conversation = new Conversation();
        LinePeer alice = await conversation.Introduce(LinePeer.StartOurs(), "1");
        LinePeer bob = await conversation.Introduce(LinePeer.StartOurs(), "1");
        await conversation.Create(alice);
        await conversation.Add(alice, bob);
        string message = await alice.Ask("send once", "message");
        await bob.Ask($"process {message}", "application");

        Assert.StartsWith("Duplicate ", await bob.Ask($"process {message}", "error"), StringComparison.Ordinal);
        Assert.StartsWith("OwnMessage ", await alice.Ask($"process {message}", "error"), StringComparison.Ordinal);
    }
}
