using System.Security.Cryptography;
using System.Text.Json;

namespace Quicprochat.EndToEnd;

/// <summary>A folder with a server's data, profiles, and a key file that opens them; everything is deleted at the end.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly List<Qpc> _processes = [];

    public World()
    {
        Folder = Directory.CreateTempSubdirectory("qpc-e2e-").FullName;
        KeyFile = Path.Combine(Folder, "key");
        File.WriteAllBytes(KeyFile, RandomNumberGenerator.GetBytes(32));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        Environment = new Dictionary<string, string?> { ["QPC_HOME"] = Path.Combine(Folder, "home"), ["QPC_KEY_FILE"] = KeyFile, ["QPC_JSON"] = "1", ["NO_COLOR"] = "1" };
    }

    public string Folder { get; }

    public string KeyFile { get; }

    public string ServerFolder => Path.Combine(Folder, "server");

    public Dictionary<string, string?> Environment { get; }

    /// <summary>The server's address with its fingerprint.</summary>
    public string Address { get; private set; } = "";

    public string ServerName { get; private set; } = "";

    /// <summary>Where the server listens.</summary>
    public string? Listen { get; private set; }

    /// <summary>Starts the server, on the same port as before.</summary>
    public async Task<Qpc> ServeAsync(params IEnumerable<string> more)
    {
        Qpc server = Start(["serve", "--data", ServerFolder, "--listen", Listen ?? "127.0.0.1:0", "--until-input-ends", .. more]);
        JsonElement listening = await server.NextAsync("listening");
        Listen = listening.GetProperty("listen").GetString();
        Address = listening.GetProperty("address").GetString()!;
        ServerName = listening.GetProperty("name").GetString()!;
        return server;
    }

    /// <summary>Lets clients dial somewhere else, with the server's fingerprint all the same.</summary>
    public void DialThrough(System.Net.IPEndPoint endPoint) => Address = $"{endPoint}#{Address[(Address.IndexOf('#', StringComparison.Ordinal) + 1)..]}";

    public Qpc Start(params IEnumerable<string> arguments)
    {
        Qpc qpc = Qpc.Start(this, arguments);
        _processes.Add(qpc);
        return qpc;
    }

    /// <summary>Runs a command that must succeed; its lines.</summary>
    public async Task<JsonElement[]> RunAsync(params IEnumerable<string> arguments)
    {
        (int code, string output, string error) = await Qpc.RunAsync(this, arguments);
        Assert.True(code == 0, $"qpc {string.Join(' ', arguments)} ended with {code}: {error}{output}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>Runs a command that must fail; its exit code and what it says.</summary>
    public async Task<(int ExitCode, string Code, string Remedy)> FailAsync(params IEnumerable<string> arguments)
    {
        (int code, string output, string error) = await Qpc.RunAsync(this, arguments);
        Assert.True(code != 0, $"qpc {string.Join(' ', arguments)} succeeded: {output}");
        JsonElement said = JsonDocument.Parse(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        return (code, said.GetProperty("code").GetString()!, said.GetProperty("remedy").GetString()!);
    }

    public Task<JsonElement[]> RegisterAsync(string name) => RunAsync("register", name, "--server", Address, "--profile", name);

    public async ValueTask DisposeAsync()
    {
        foreach (Qpc process in _processes)
        {
            await process.DisposeAsync();
        }
        Directory.Delete(Folder, recursive: true);
    }
}
