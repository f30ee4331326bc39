namespace Quicprochat.Benchmarks.Quic;

/// <summary>One implementation of QUIC as a program with the modes of samples/QuicPeer.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">What comes before the mode.</param>
/// <param name="TakesPortAlone">True for Deno's script, whose host is fixed.</param>
internal sealed record Stack(string Name, string FileName, IReadOnlyList<string> Arguments, bool TakesPortAlone = false)
{
    /// <summary>All that are installed; ours first.</summary>
    public static IReadOnlyList<Stack> Installed()
    {
        string root = Root();
        string peers = Path.Combine(root, "artifacts", "peers");
        Stack[] all =
        [
            new("ours", Path.Combine(root, "artifacts", "bin", "QuicPeer", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "QuicPeer"), []),
            new("quic-go", Path.Combine(peers, "quic-go"), []),
            new("Deno", Path.Combine(peers, "deno", "node_modules", ".bin", "deno"),
                ["run", "-A", "--quiet", "--unstable-net", "--no-check", Path.Combine(peers, "deno", "peer.ts")], TakesPortAlone: true),
        ];
        foreach (Stack absent in all.Where(static stack => !stack.IsInstalled))
        {
            Console.Error.WriteLine($"{absent.Name} is left out: there is no {absent.FileName} (scripts/peers installs the peers, scripts/bench-quic builds ours).");
        }
        return [.. all.Where(static stack => stack.IsInstalled)];
    }

    private bool IsInstalled => File.Exists(FileName);

    /// <summary>The whole command line of a mode.</summary>
    public IEnumerable<string> CommandLine(string mode, string address, params IEnumerable<string> rest) =>
        [.. Arguments, mode, TakesPortAlone ? address[(address.LastIndexOf(':') + 1)..] : address, .. rest];

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Quicprochat.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException("The benchmark does not run inside the repository.");
    }
}
