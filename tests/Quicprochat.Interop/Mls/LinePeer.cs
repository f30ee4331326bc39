using System.Diagnostics;
using System.Text;

namespace Quicprochat.Interop.Mls;

/// <summary>A peer in its own process that speaks the line protocol of samples/MlsPeer.</summary>
internal sealed class LinePeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process _process;

    private LinePeer(Process process) => _process = process;

    /// <summary>Our own sample, as it was built beside these tests.</summary>
    public static LinePeer StartOurs()
    {
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(AppContext.BaseDirectory, "..", "..", "MlsPeer", configuration, "MlsPeer.dll");
        return Start("dotnet", Path.GetFullPath(program));
    }

    public static LinePeer Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            UseShellExecute = false,
        };
        return new LinePeer(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>Says lines that answer nothing when they succeed.</summary>
    public async Task Set(params string[] lines)
    {
        foreach (string line in lines)
        {
            await _process.StandardInput.WriteLineAsync(line);
        }
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Says a line and gives what follows <paramref name="name"/> in its one-line answer.</summary>
    public async Task<string> Ask(string line, string name)
    {
        await Set(line);
        return await Answer(name);
    }

    /// <summary>The next line of answer, which must begin with <paramref name="name"/>.</summary>
    public async Task<string> Answer(string name)
    {
        string line = await Line();
        Assert.True(line == name || line.StartsWith(name + " ", StringComparison.Ordinal), $"expected {name}, was told: {Shorten(line)}");
        return line.Length == name.Length ? "" : line[(name.Length + 1)..];
    }

    /// <summary>The next line of answer, whatever it is.</summary>
    public async Task<string> Line()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        return await _process.StandardOutput.ReadLineAsync(timeout.Token) ?? throw new EndOfStreamException("The peer has ended.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill(entireProcessTree: true);
        }
        await Task.CompletedTask;
        _process.Dispose();
    }

    private static string Shorten(string line) => line.Length > 200 ? line[..200] + "…" : line;
}
