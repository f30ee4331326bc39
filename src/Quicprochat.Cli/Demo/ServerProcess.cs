using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Quicprochat.Cli.Demo;

/// <summary><c>qpc serve</c> as a process of its own, so that it can be killed like one.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, (IPEndPoint EndPoint, string Fingerprint, string Name) listening)
    {
        _process = process;
        (EndPoint, Fingerprint, Name) = listening;
    }

    public IPEndPoint EndPoint { get; }

    public string Fingerprint { get; }

    public string Name { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ServerProcess> StartAsync(string dataFolder, IPEndPoint listen, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo { FileName = Environment.ProcessPath!, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }
        foreach (string argument in (string[])["serve", "--json", "--data", dataFolder, "--listen", listen.ToString(), "--until-input-ends"])
        {
            start.ArgumentList.Add(argument);
        }
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The server's process did not start.");
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (line is null)
        {
            await process.WaitForExitAsync(cancellationToken);
            throw new InvalidOperationException($"The server ended with exit code {process.ExitCode}; what it said is above.");
        }
        using JsonDocument said = JsonDocument.Parse(line);
        JsonElement root = said.RootElement;
        return new ServerProcess(process, (IPEndPoint.Parse(root.GetProperty("listen").GetString()!), root.GetProperty("fingerprint").GetString()!, root.GetProperty("name").GetString()!));
    }

    /// <summary>As a power cut does: SIGKILL, no goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
    }
}
