namespace Quicprochat.Cli.Commands;

/// <summary>The command line asks for something that cannot be.</summary>
internal sealed class UsageException(string message, string remedy) : Exception(message)
{
    public string Remedy => remedy;
}
