using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace Quicprochat.EndToEnd;

/// <summary>The built <c>qpc</c> as a process: arguments in, lines out.</summary>
internal sealed class Qpc : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private bool _isDisposed;

    private Qpc(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public StreamWriter Input => _process.StandardInput;

    public int Id => _process.Id;

    public ChannelReader<string> Lines => _lines.Reader;

    /// <summary>Starts <c>qpc</c> with the home of a world.</summary>
    public static Qpc Start(World world, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = world.Folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "qpc.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        foreach ((string name, string? value) in world.Environment)
        {
            start.Environment[name] = value;
        }
        return new Qpc(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(World world, params IEnumerable<string> arguments)
    {
        await using Qpc qpc = Start(world, arguments);
        qpc.Input.Close();
        int code = await qpc.ExitAsync();
        var lines = new List<string>();
        while (qpc.Lines.TryRead(out string? line))
        {
            lines.Add(line);
        }
        return (code, string.Join('\n', lines), await qpc.ErrorsAsync());
    }

    /// <summary>The next line of standard output that is a JSON object of this type.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        await foreach (string line in _lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            JsonElement item = JsonDocument.Parse(line).RootElement;
            if (item.GetProperty("type").GetString() == type)
            {
                return item;
            }
        }
        throw new InvalidOperationException($"qpc ended without saying {type}: {await _errors}");
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public Task<string> ErrorsAsync() => _errors;

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            _lines.Writer.TryWrite(line);
        }
        _lines.Writer.TryComplete();
    }
}
