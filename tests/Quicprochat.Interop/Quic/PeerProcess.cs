using System.Diagnostics;
using System.Text;

namespace Quicprochat.Interop.Quic;

/// <summary>Somebody's program as a process of its own: its lines, its exit code, and its end with the test.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private PeerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
    }

    public static PeerProcess Start(PeerCommand command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command.FileName)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in command.Arguments.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }
        foreach ((string name, string value) in command.Environment)
        {
            start.Environment[name] = value;
        }
        return new PeerProcess(Process.Start(start)!);
    }

    /// <summary>Starts a server on a free port; the address is what it prints behind <paramref name="word"/>.</summary>
    public static async Task<(PeerProcess Process, string Address)> ServeAsync(PeerCommand command, string word, params string[] arguments)
    {
        PeerProcess process = Start(command, arguments);
        string? line = await process._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(_patience);
        Assert.True(line?.StartsWith(word + ' ', StringComparison.Ordinal), $"{command.FileName} printed '{line}' {process._errors}");
        return (process, line!.Split(' ')[1]);
    }

    /// <summary>Waits for its end, which must be a success, and gives its last line.</summary>
    public async Task<string> ResultAsync()
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(_patience);
        string text = (await output).TrimEnd();
        Assert.True(_process.ExitCode == 0, $"exit code {_process.ExitCode}: {text} {_errors}");
        return text.Split('\n')[^1];
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        _process.Dispose();
    }
}
