using System.CommandLine;

namespace Quicprochat.Cli.Commands;

/// <summary>Where a verb gets its client: from the profile that the command line names, or from the chat it is typed in.</summary>
internal interface ISessions
{
    /// <summary>A session for one verb; with <paramref name="online"/> it is connected.</summary>
    Task<Session> OpenAsync(ParseResult parsed, bool online, CancellationToken cancellationToken);

    /// <summary>The client when there is one already, for completion; null otherwise.</summary>
    Sdk.QpcClient? Running { get; }
}
