using Quicprochat.Sdk;
using Quicprochat.Sdk.Store;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Cli.Commands;

/// <summary>What went wrong, as a person or a script is told.</summary>
/// <param name="Code">For scripts: <c>host_unknown</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do about it; empty where nothing is known.</param>
/// <param name="ExitCode">What the process ends with.</param>
internal sealed record Complaint(string Code, string Message, string Remedy, int ExitCode)
{
    /// <summary>What an exception means; null for one that is a bug.</summary>
    public static Complaint? Of(Exception e) => e switch
    {
        QpcException { InnerException: StoreException store } => OfStore(store),
        QpcException qpc => new(Snake(qpc.Error.ToString()), qpc.Message, qpc.Remedy, ExitCodeOf(qpc)),
        StoreException store => OfStore(store),
        QpcServerException server => new(Snake(server.Error.ToString()), server.Message, "", Commands.ExitCode.Failed),
        UsageException usage => new("usage", usage.Message, usage.Remedy, Commands.ExitCode.Usage),
        OperationCanceledException => new("interrupted", "Interrupted.", "", Commands.ExitCode.Interrupted),
        _ => null,
    };

    /// <summary>As <see cref="Of"/>, with a bug named as one.</summary>
    public static Complaint OfAny(Exception e) =>
        Of(e) ?? new("internal", $"A fault of qpc: {e.GetType().Name}: {e.Message}", "Run it again with QPC_DEBUG=1 for the details, and report them.", Commands.ExitCode.Failed);

    private static Complaint OfStore(StoreException e) => new(Snake(e.Code.ToString()), e.Problem, e.Remedy, e.Code == StoreErrorCode.NotFound ? Commands.ExitCode.NotFound : Commands.ExitCode.Profile);

    private static int ExitCodeOf(QpcException e) => e.Error switch
    {
        QpcError.AddressInvalid or QpcError.AccountNameInvalid => Commands.ExitCode.Usage,
        QpcError.AccountUnknown or QpcError.ConversationUnknown or QpcError.ProfileMissing => Commands.ExitCode.NotFound,
        QpcError.HostUnknown or QpcError.Unreachable or QpcError.ServerUnavailable or QpcError.NotConnected or QpcError.ProtocolMismatch => Commands.ExitCode.Unreachable,
        QpcError.ProfileExists or QpcError.ProfileUnusable => Commands.ExitCode.Profile,
        QpcError.ServerKeyChanged or QpcError.ServerKeyUnknown or QpcError.KeyChanged or QpcError.IdentityInvalid => Commands.ExitCode.Untrusted,
        QpcError.Internal => Commands.ExitCode.Failed,
        _ => Commands.ExitCode.Refused,
    };

    private static string Snake(string name) => string.Concat(name.Select(static (c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
