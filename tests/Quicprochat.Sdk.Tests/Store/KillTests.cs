using System.Globalization;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Tables;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>Real processes, killed with -9.</summary>
public sealed class KillTests : IDisposable
{
    private readonly Profile _alice = new();
    private readonly Profile _bob = new();

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task What_was_said_to_be_stored_is_there_after_every_kill_and_everything_fits_together()
    {
        await MeetAsync();
        int last = 0;
        for (int round = 0; round < 6; round++)
        {
            int said = RunAndKill(last + 1, lines: round * 7);
            await using StoredClient alice = await StoredClient.OpenAsync(_alice.Folder);
            await using StoredClient bob = await StoredClient.OpenAsync(_bob.Folder);

            // The cursor, the history and the group are of one moment.
            string[] history = await bob.HistoryAsync();
            Assert.True(history.Length >= said, $"{said} was said to be stored, and {history.Length} are there");
            Assert.Equal((ulong)history.Length, await bob.CursorAsync());
            Assert.Equal(Enumerable.Range(1, history.Length).Select(Text), history);

            // What was in the outbox is sent again, the very bytes; Bob takes it once.
            foreach (OutboxEntry entry in await alice.Store.Read(static tx => tx.Outbox.After(0, 100)))
            {
                ulong sequence = ulong.Parse(entry.Row.MessageId.ToStringUtf8(), CultureInfo.InvariantCulture);
                await StoreProcess.DeliverAsync(alice, bob, entry.Row.Number, sequence);
            }
            string[] sent = await alice.HistoryAsync();
            Assert.Equal(Enumerable.Range(1, sent.Length).Select(Text), sent);
            Assert.Equal(sent, await bob.HistoryAsync());
            Assert.Empty(await alice.Store.Read(static tx => tx.Outbox.Heads()));
            await alice.Store.Verify();
            await bob.Store.Verify();
            last = sent.Length;
        }
        Assert.True(last >= 6);
    }

    [Fact]
    public async Task A_second_process_is_told_who_holds_the_store_and_has_it_when_that_one_is_killed()
    {
        await (await _alice.CreateAsync()).DisposeAsync();
        using (StoreProcess process = StoreProcess.Start("hold", _alice.Folder))
        {
            Assert.Equal("held", process.ReadLine());
            StoreException exception = await _alice.AssertRefusedAsync(StoreErrorCode.InUse);
            Assert.Contains($"process {process.Id}", exception.Message, StringComparison.Ordinal);
            process.Kill();
        }
        await using LocalStore store = await _alice.OpenAsync();
        await store.Write(static tx => tx.Settings.PutText("a", "1"));
    }

    [Fact]
    public async Task Nothing_readable_is_left_by_a_process_that_was_killed()
    {
        await MeetAsync();
        byte[] groupId;
        await using (StoredClient bob = await StoredClient.OpenAsync(_bob.Folder))
        {
            groupId = await bob.Store.Read(static tx => tx.Settings.Find("group")!);
        }
        RunAndKill(1, lines: 20);
        AssertHidden();
        await (await StoredClient.OpenAsync(_bob.Folder)).DisposeAsync();
        AssertHidden();

        void AssertHidden()
        {
            foreach (byte[] secret in new[] { Profile.Utf8("alice"), Profile.Utf8("bob"), StoredClient.Conversation, groupId })
            {
                Assert.False(_alice.Contains(secret));
                Assert.False(_bob.Contains(secret));
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task MeetAsync()
    {
        await using StoredClient alice = await StoredClient.CreateAsync(_alice.Folder);
        await using StoredClient bob = await StoredClient.CreateAsync(_bob.Folder);
        await bob.JoinAsync(await alice.BeginAsync("alice", await bob.PublishAsync("bob")));
    }

    /// <summary>Lets the process work until it has said so many lines, and then a little that nobody chose; the last number it said.</summary>
    private int RunAndKill(int from, int lines)
    {
        using StoreProcess process = StoreProcess.Start("chat", _alice.Folder, _bob.Folder, Text(from));
        string last = process.ReadLine() ?? throw new InvalidOperationException("The second process did not start.");
        for (int i = 0; i < lines; i++)
        {
            last = process.ReadLine() ?? last;
        }
        string[] rest = process.Kill().Split('\n');

        // A line that was cut off says nothing.
        return int.Parse(rest.Length > 1 ? rest[^2] : last, CultureInfo.InvariantCulture);
    }
}
