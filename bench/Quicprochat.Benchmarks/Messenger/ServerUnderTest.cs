using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Quicprochat.Benchmarks.Messenger;

/// <summary><c>qpc serve</c> of the same build, on the first core alone.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly Process _process;

    private ServerUnderTest(Process process, string address, TimeSpan startUp)
    {
        _process = process;
        Address = address;
        StartUp = startUp;
    }

    public string Address { get; }

    public TimeSpan StartUp { get; }

    /// <summary>What the system says the process holds in memory.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    public static async Task<ServerUnderTest> StartAsync(string folder)
    {
        var start = new ProcessStartInfo("taskset") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (string argument in (string[])["-c", "0", "dotnet", Path.Combine(AppContext.BaseDirectory, "qpc.dll"), "serve", "--json", "--data", folder, "--listen", "127.0.0.1:0", "--until-input-ends"])
        {
            start.ArgumentList.Add(argument);
        }
        long began = Stopwatch.GetTimestamp();
        Process process = Process.Start(start)!;
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        using JsonDocument said = JsonDocument.Parse(line);
        return new ServerUnderTest(process, said.RootElement.GetProperty("address").GetString()!, elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
