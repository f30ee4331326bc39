using System.Globalization;

namespace Quicprochat.Interop.Mls;

/// <summary>Peers in one group; whatever one of them sends is delivered to all others, and after every commit all must agree.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    private readonly List<LinePeer> _members = [];
    private readonly List<LinePeer> _all = [];

    public int Epoch { get; private set; }

    /// <summary>Takes charge of a peer and introduces it: the n-th is called n.</summary>
    public async Task<LinePeer> Introduce(LinePeer peer, string suite, string wire = "public")
    {
        await peer.Set($"suite {suite}", $"identity {Name(_all.Count)}", $"wire {wire}");
        _all.Add(peer);
        return peer;
    }

    public async Task Create(LinePeer creator)
    {
        await creator.Set("create 71756963");
        _members.Add(creator);
        Epoch = 0;
    }

    public async Task Add(LinePeer committer, params LinePeer[] joiners)
    {
        var keyPackages = new List<string>();
        foreach (LinePeer joiner in joiners)
        {
            keyPackages.Add(await joiner.Ask("keypackage", "keypackage"));
        }
        string commit = await committer.Ask($"add {string.Join(' ', keyPackages)}", "commit");
        string welcome = await committer.Answer("welcome");
        await Deliver(committer, commit);
        foreach (LinePeer joiner in joiners)
        {
            await joiner.Set($"join {welcome}");
            _members.Add(joiner);
        }
        await Agree();
    }

    public Task Update(LinePeer committer) => Commit(committer, "update");

    public async Task Remove(LinePeer committer, LinePeer removed)
    {
        await Commit(committer, $"remove {await IndexOf(removed)}", leaving: removed);
    }

    public async Task JoinExternally(LinePeer joiner, LinePeer witness)
    {
        string groupInfo = await witness.Ask("groupinfo", "groupinfo");
        string commit = await joiner.Ask($"external {groupInfo}", "commit");
        await Deliver(joiner, commit);
        _members.Add(joiner);
        await Agree();
    }

    public async Task ShareSecret(string id, string secretHex)
    {
        foreach (LinePeer member in _members)
        {
            await member.Set($"psk {id} {secretHex}");
        }
    }

    public async Task Send(LinePeer sender, string text)
    {
        string message = await sender.Ask($"send {text}", "message");
        foreach (LinePeer member in _members.Where(member => member != sender))
        {
            Assert.Equal(text, await member.Ask($"process {message}", "application"));
        }
    }

    /// <summary>Everyone speaks once.</summary>
    public async Task Chat()
    {
        foreach (LinePeer member in _members)
        {
            await Send(member, $"epoch {Epoch}: grüße from leaf {await IndexOf(member)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LinePeer peer in _all)
        {
            await peer.DisposeAsync();
        }
    }

    private async Task Commit(LinePeer committer, string line, LinePeer? leaving = null)
    {
        await Deliver(committer, await committer.Ask(line, "commit"));
        if (leaving is not null)
        {
            _members.Remove(leaving);
        }
        await Agree();
    }

    private async Task Deliver(LinePeer sender, string commit)
    {
        Epoch++;
        foreach (LinePeer member in _members.Where(member => member != sender))
        {
            Assert.Equal(Name(Epoch), await member.Ask($"process {commit}", "epoch"));
        }
    }

    private async Task Agree()
    {
        string authenticator = await _members[0].Ask("authenticator", "authenticator");
        string secret = await _members[0].Ask("export interop 0102 40", "secret");
        string members = await _members[0].Ask("members", "members");
        foreach (LinePeer member in _members.Skip(1))
        {
            Assert.Equal(authenticator, await member.Ask("authenticator", "authenticator"));
            Assert.Equal(secret, await member.Ask("export interop 0102 40", "secret"));
            Assert.Equal(members, await member.Ask("members", "members"));
        }
    }

    private async Task<string> IndexOf(LinePeer peer)
    {
        string members = await _members[0].Ask("members", "members");
        string entry = members.Split(' ').Single(member => member.EndsWith(":" + Name(_all.IndexOf(peer)), StringComparison.Ordinal));
        return entry[..entry.IndexOf(':', StringComparison.Ordinal)];
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}
