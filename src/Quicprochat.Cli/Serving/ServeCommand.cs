namespace Quicprochat.Cli.Serving;
internal static class ServeCommand { public static System.CommandLine.Command Build() => new("serve", "Run a server"); }
