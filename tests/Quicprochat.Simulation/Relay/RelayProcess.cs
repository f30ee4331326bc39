using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Quicprochat.Simulation.Relay;

/// <summary><c>samples/LossyRelay</c> as a process, between a test's clients and its server.</summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private readonly Process _process;

    private RelayProcess(Process process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
    }

    /// <summary>Where clients send to.</summary>
    public IPEndPoint EndPoint { get; }

    public static async Task<RelayProcess> StartAsync(IPEndPoint server, string options)
    {
        // artifacts/bin/Quicprochat.Simulation/debug -> artifacts/bin/LossyRelay/debug
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        string program = Path.Combine(here.Parent!.Parent!.FullName, "LossyRelay", here.Name, "LossyRelay.dll");
        var start = new ProcessStartInfo("dotnet", [program, server.ToString(), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The relay said nothing.");
        return new RelayProcess(process, IPEndPoint.Parse(line.Split(' ')[1]));
    }

    /// <summary>Asks the process to end and returns what it says it did, as <c>to-server lost</c> → 12.</summary>
    public async Task<Dictionary<string, int>> StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        string said = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .SelectMany(words => words.Skip(1).Select(word => (Name: words[0] + " " + word.Split('=')[0], Value: word.Split('=')[1])))
            .ToDictionary(p => p.Name, p => int.Parse(p.Value, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }
}
