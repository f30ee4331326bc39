using System.Diagnostics;
using System.Globalization;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>A second process with stores, to be killed.</summary>
internal sealed class StoreProcess : IDisposable
{
    private readonly Process _process;

    private StoreProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static StoreProcess Start(params string[] arguments)
    {
        string assembly = typeof(StoreProcess).Assembly.Location;
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, Path.GetFileNameWithoutExtension(assembly)), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        return new StoreProcess(Process.Start(start)!);
    }

    public string? ReadLine() => _process.StandardOutput.ReadLine();

    /// <summary>kill -9; what it still said before.</summary>
    public string Kill()
    {
        _process.Kill();
        string rest = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return rest;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    /// <summary>What the second process does.</summary>
    public static void Run(string[] arguments)
    {
        switch (arguments[0])
        {
            case "hold":
                _ = Profile.HoldAsync(arguments[1]).GetAwaiter().GetResult();
                Console.WriteLine("held");
                Console.ReadLine();
                break;
            case "chat":
                ChatAsync(arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture)).GetAwaiter().GetResult();
                break;
            default:
                throw new ArgumentException(arguments[0]);
        }
    }

    /// <summary>Alice sends and Bob receives, without end; every number is said when Bob has stored it.</summary>
    private static async Task ChatAsync(string aliceFolder, string bobFolder, int from)
    {
        await using StoredClient alice = await StoredClient.OpenAsync(aliceFolder, Profile.Options with { TruncateAfter = TimeSpan.FromMilliseconds(20) });
        await using StoredClient bob = await StoredClient.OpenAsync(bobFolder, Profile.Options with { TruncateAfter = TimeSpan.FromMilliseconds(20) });
        for (int i = from; ; i++)
        {
            long number = await alice.SendAsync($"{i}");
            await DeliverAsync(alice, bob, number, (ulong)i);
            Console.WriteLine(i);
        }
    }

    /// <summary>What a network does: takes the first entry of the outbox to the mailbox; a text is its own place there.</summary>
    public static async Task DeliverAsync(StoredClient alice, StoredClient bob, long number, ulong sequence)
    {
        byte[] payload = await alice.Store.Read(tx => tx.Outbox.Find(number)!.Value.Row.Payload.ToByteArray());
        await bob.ReceiveAsync(sequence, payload);
        await alice.SentAsync(number);
    }
}
