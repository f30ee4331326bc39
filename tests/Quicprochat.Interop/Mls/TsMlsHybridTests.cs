namespace Quicprochat.Interop.Mls;

/// <summary>
/// ts-mls's own X-Wing suite: KEM, AEAD, hashes and messages are the same, but its DeriveKeyPair is an older draft's. docs/conformance/mls-interop.md
/// tells the whole story; these tests say when it changes.
/// </summary>
public sealed class TsMlsHybridTests
{
    private const string XWingWithSha512 = "83";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Welcome_and_messages_pass_in_its_XWing_suite(bool oursCreates)
    {
        await using var conversation = new Conversation();
        LinePeer ours = await conversation.Introduce(LinePeer.StartOurs(), XWingWithSha512);
        LinePeer theirs = await conversation.Introduce(TsMls.Start(), XWingWithSha512);
        (LinePeer creator, LinePeer joiner) = oursCreates ? (ours, theirs) : (theirs, ours);

        await conversation.Create(creator);
        await conversation.Add(creator, joiner);

        await conversation.Chat();
    }

    [Fact]
    public async Task Its_path_is_refused_because_its_node_keys_are_derived_otherwise()
    {
        await using var conversation = new Conversation();
        LinePeer ours = await conversation.Introduce(LinePeer.StartOurs(), XWingWithSha512);
        LinePeer theirs = await conversation.Introduce(TsMls.Start(), XWingWithSha512);
        await conversation.Create(theirs);
        await conversation.Add(theirs, ours);
        string authenticator = await ours.Ask("authenticator", "authenticator");

        string commit = await theirs.Ask("update", "commit");

        Assert.StartsWith("PathKeyMismatch ", await ours.Ask($"process {commit}", "error"), StringComparison.Ordinal);
        Assert.Equal(authenticator, await ours.Ask("authenticator", "authenticator"));
    }
}
