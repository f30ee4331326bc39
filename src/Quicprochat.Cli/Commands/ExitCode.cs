namespace Quicprochat.Cli.Commands;

/// <summary>What <c>qpc</c> ends with. The numbers are part of its interface: docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>A bug, or something that no other number names.</summary>
    public const int Failed = 1;

    /// <summary>The command line says something it cannot say.</summary>
    public const int Usage = 2;

    /// <summary>No such account, conversation or profile.</summary>
    public const int NotFound = 3;

    /// <summary>The server cannot be reached, or does not answer.</summary>
    public const int Unreachable = 4;

    /// <summary>The profile cannot be opened: passphrase, rights, disk, or another process.</summary>
    public const int Profile = 5;

    /// <summary>The server, or the state of a conversation, refuses.</summary>
    public const int Refused = 6;

    /// <summary>Somebody's key is not the one it should be.</summary>
    public const int Untrusted = 7;

    /// <summary>A check failed: <c>demo</c>, <c>doctor</c>.</summary>
    public const int CheckFailed = 8;

    /// <summary>Interrupted from the keyboard.</summary>
    public const int Interrupted = 130;
}
