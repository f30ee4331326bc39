namespace Quicprochat.Interop.Quic;

/// <summary>Where the peers are. <c>scripts/peers</c> installs other people's; ours are built with the solution.</summary>
internal static class Peers
{
    private static readonly Lazy<string> _certificates = new(TestCertificates.WriteFolder);

    /// <summary>Our own: samples/QuicPeer.</summary>
    public static PeerCommand Ours => Command(Built("QuicPeer"));

    /// <summary>Our relay that loses and delays: samples/LossyRelay.</summary>
    public static PeerCommand Relay => Command(Built("LossyRelay"));

    /// <summary>A peer by its name, or the test is skipped with the reason.</summary>
    public static PeerCommand Named(string name)
    {
        string peers = Path.Combine(Root, "artifacts", "peers");
        PeerCommand? command = name switch
        {
            "ours" => Ours,
            "quic-go" => Command(Path.Combine(peers, "quic-go")),
            "deno" => Command(
                Path.Combine(peers, "deno", "node_modules", ".bin", "deno"),
                "run", "-A", "--quiet", "--unstable-net", Path.Combine(peers, "deno", "peer.ts")),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        Assert.SkipUnless(File.Exists(command.FileName), $"{name} is not installed: run scripts/peers.");
        return command;
    }

    /// <summary>The arguments of a peer's mode; Deno's script takes a port alone, because its host is fixed.</summary>
    public static string[] Mode(string name, string mode, string address, params string[] rest) =>
        [mode, name == "deno" ? address[(address.LastIndexOf(':') + 1)..] : address, .. rest];

    private static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Quicprochat.slnx")))
            {
                folder = Path.GetDirectoryName(folder);
            }
            return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
    }

    private static PeerCommand Command(string fileName, params string[] arguments) =>
        new(fileName, arguments, new Dictionary<string, string> { ["CERTS"] = _certificates.Value, ["NO_COLOR"] = "1" });

    // Built into the folder of the same configuration as these tests.
    private static string Built(string project)
    {
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string name = OperatingSystem.IsWindows() ? project + ".exe" : project;
        return Path.Combine(Root, "artifacts", "bin", project, configuration, name);
    }
}
