namespace Quicprochat.Cli.Demo;
internal static class DemoCommand { public static System.CommandLine.Command Build() => new("demo", "Demo"); }
