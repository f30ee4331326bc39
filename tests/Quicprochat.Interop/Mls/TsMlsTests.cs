namespace Quicprochat.Interop.Mls;

/// <summary>MlsPeer and ts-mls in one group, each in the role of the one that makes things happen.</summary>
public sealed class TsMlsTests
{
    public static TheoryData<string, string, bool> SuitesAndRoles()
    {
        var rows = new TheoryData<string, string, bool>();
        foreach (string suite in (string[])["1", "2", "3", "7"])
        {
            foreach (string wire in (string[])["public", "private"])
            {
                rows.Add(suite, wire, true);
                rows.Add(suite, wire, false);
            }
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(SuitesAndRoles))]
    public async Task Members_join_commit_share_a_secret_join_from_outside_and_are_removed(string suite, string wire, bool oursLeads)
    {
        await using var conversation = new Conversation();
        LinePeer theirs = await conversation.Introduce(TsMls.Start(), suite, wire);
        LinePeer ours = await conversation.Introduce(LinePeer.StartOurs(), suite, wire);
        LinePeer theirSecond = await conversation.Introduce(TsMls.Start(), suite, wire);
        LinePeer ourSecond = await conversation.Introduce(LinePeer.StartOurs(), suite, wire);
        (LinePeer leader, LinePeer follower) = oursLeads ? (ours, theirs) : (theirs, ours);
        (LinePeer guest, LinePeer stranger) = oursLeads ? (theirSecond, ourSecond) : (ourSecond, theirSecond);

        await conversation.Create(leader);
        await conversation.Add(leader, follower, guest);
        await conversation.Chat();
        await conversation.Update(follower);
        await conversation.Update(leader);

        await conversation.ShareSecret("shared", "00112233445566778899aabbccddeeff");
        await conversation.Update(leader);
        await conversation.ShareSecret("another", "ffeeddccbbaa99887766554433221100");
        await conversation.Update(follower);

        // The stranger joins by what a member of the other library says of the group.
        await conversation.JoinExternally(stranger, witness: follower);
        await conversation.Chat();
        await conversation.Remove(leader, guest);
        await conversation.Update(stranger);
        await conversation.Remove(follower, stranger);
        await conversation.Chat();
        Assert.Equal(9, conversation.Epoch);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("1", false)]
    [InlineData("7", true)]
    [InlineData("7", false)]
    public async Task A_conversation_lasts_twenty_epochs(string suite, bool oursCreates)
    {
        await using var conversation = new Conversation();
        LinePeer ours = await conversation.Introduce(LinePeer.StartOurs(), suite);
        LinePeer theirs = await conversation.Introduce(TsMls.Start(), suite, "private");
        (LinePeer creator, LinePeer joiner) = oursCreates ? (ours, theirs) : (theirs, ours);

        await conversation.Create(creator);
        await conversation.Add(creator, joiner);
        while (conversation.Epoch < 20)
        {
            await conversation.Update(conversation.Epoch % 2 == 0 ? creator : joiner);
            await conversation.Chat();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_removed_by_the_other_library_cannot_speak(bool oursRemoves)
    {
        await using var conversation = new Conversation();
        LinePeer ours = await conversation.Introduce(LinePeer.StartOurs(), "1");
        LinePeer theirs = await conversation.Introduce(TsMls.Start(), "1");
        (LinePeer remover, LinePeer removed) = oursRemoves ? (ours, theirs) : (theirs, ours);
        await conversation.Create(remover);
        await conversation.Add(remover, removed);

        await conversation.Remove(remover, removed);

        await removed.Set("send am I still here?");
        Assert.StartsWith("error ", await removed.Line(), StringComparison.Ordinal);
    }
}
