using System.Diagnostics;
using System.IO.Pipes;
using Quicprochat.Server.Storage;
using Quicprochat.Server.Storage.Sqlite;

namespace Quicprochat.Server.Tests.Storage;

/// <summary>A process that stores, and is killed while it does.</summary>
public sealed class SqliteCrashTests
{
    private const string FolderVariable = "QPC_TEST_CRASH_FOLDER";
    private const string PipeVariable = "QPC_TEST_CRASH_PIPE";
    private const int AnswersMin = 300;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_answered_is_there_after_kill_9()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the signal is of Unix");
        using var folder = new TestFolder();
        string pipeName = Path.Combine(folder.Path, "answers");
        await using var pipe = new NamedPipeServerStream(pipeName, PipeDirection.In, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        using Process writer = Start(folder.Path, pipeName);
        await pipe.WaitForConnectionAsync(Token);
        List<MessageId> answered = await ReadAsync(pipe, AnswersMin);
        writer.Kill();
        await writer.WaitForExitAsync(Token);
        answered.AddRange(await ReadAsync(pipe, int.MaxValue));
        Assert.NotEqual(0, writer.ExitCode);

        await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = folder.Database });
        var reader = new DeviceAddress("bob@x", new DeviceId(1));
        MailboxPage page = await store.ReadMailboxAsync(reader, 0, StoreWorld.Wide, Token);
        var there = page.Envelopes.Select(envelope => envelope.Message.Id).OfType<MessageId>().ToHashSet();
        Assert.All(answered, id => Assert.Contains(id, there));
        Assert.Equal(Enumerable.Range(1, page.Envelopes.Count).Select(i => (long)i), page.Envelopes.Select(envelope => envelope.Sequence));
        Assert.Equal("ok", await store.ReadAsync(Check, Token));
    }

    /// <summary>The other process: stores until it is killed, and passes on each answer.</summary>
    internal static async Task StoreUntilKilledAsync()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        await using var pipe = new NamedPipeClientStream(".", Environment.GetEnvironmentVariable(PipeVariable)!, PipeDirection.Out);
        await pipe.ConnectAsync(CancellationToken.None);
        await using SqliteStore store = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "server.db") });
        var world = new StoreWorld(store);
        DeviceAddress alice = await world.PersonAsync("alice@x");
        NewDeviceList list = world.List("bob@x", new DeviceId(1));
        await store.RegisterAsync(list, null, world.NowMs, CancellationToken.None);
        TestGroup group = await world.GroupAsync(alice, new DeviceAddress("bob@x", new DeviceId(1)));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => StoreForeverAsync(world, group, alice, pipe))));
    }

    private static async Task StoreForeverAsync(StoreWorld world, TestGroup group, DeviceAddress sender, Stream answers)
    {
        while (true)
        {
            NewMessage message = await world.SendAsync(group, sender, length: 300);
            lock (answers)
            {
                answers.Write(message.Id.ToArray());
            }
        }
    }

    private static Process Start(string folder, string pipeName)
    {
        string assembly = typeof(SqliteCrashTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment[FolderVariable] = folder;
        start.Environment[PipeVariable] = pipeName;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // Until the pipe ends or there are enough. The last id may be cut off.
    private static async Task<List<MessageId>> ReadAsync(Stream pipe, int enough)
    {
        var ids = new List<MessageId>();
        var id = new byte[MessageId.Length];
        while (ids.Count < enough && await pipe.ReadAtLeastAsync(id, id.Length, throwOnEndOfStream: false, Token) == id.Length)
        {
            ids.Add(new MessageId(id));
        }
        return ids;
    }

    private static string Check(Session session)
    {
        Statement rows = session.Database.Use("PRAGMA integrity_check");
        rows.Read();
        return rows.Text(0);
    }
}
