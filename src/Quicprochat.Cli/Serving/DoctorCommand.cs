namespace Quicprochat.Cli.Serving;
internal static class DoctorCommand { public static System.CommandLine.Command Build() => new("doctor", "Check"); }
