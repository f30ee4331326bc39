using System.CommandLine;

namespace Quicprochat.Cli.Commands;

/// <summary>Where the command line says the passphrase or key is.</summary>
internal readonly record struct UnlockingSources(string? PassphraseFile, string? KeyFile)
{
    public static UnlockingSources Of(ParseResult parsed) => new(parsed.GetValue(CommonOptions.PassphraseFile), parsed.GetValue(CommonOptions.KeyFile));
}
