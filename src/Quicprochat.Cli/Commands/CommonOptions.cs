using System.CommandLine;

namespace Quicprochat.Cli.Commands;

/// <summary>What every command understands.</summary>
internal static class CommonOptions
{
    public static Option<string?> Profile { get; } = new("--profile", "-p") { Description = "Which of your profiles to use (QPC_PROFILE; default: the only one there is)", HelpName = "name", Recursive = true };

    public static Option<bool> Json { get; } = new("--json") { Description = "One JSON object a line, for scripts (QPC_JSON=1)", Recursive = true };

    public static Option<string?> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "Read the passphrase from the first line of a file, or from a descriptor as fd:3 (QPC_PASSPHRASE_FILE)",
        HelpName = "file",
        Recursive = true,
    };

    public static Option<string?> KeyFile { get; } = new("--key-file")
    {
        Description = "Open the profile with a file of random bytes instead of a passphrase (QPC_KEY_FILE); systemd:NAME takes a credential",
        HelpName = "file",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Say on standard error what goes on (QPC_VERBOSE=1)", Recursive = true };
}
