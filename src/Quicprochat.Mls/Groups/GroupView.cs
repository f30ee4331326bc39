using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>What the rules look at: a group as it stands, and who is looking.</summary>
internal sealed record GroupView
{
    public required MlsClient Client { get; init; }

    public required MlsCrypto Crypto { get; init; }

    public required ReadOnlyMemory<byte> GroupId { get; init; }

    public required RatchetTree Tree { get; init; }

    public required GroupRequirements Requirements { get; init; }

    public required long NowSeconds { get; init; }

    /// <summary>True when it is this client that sends what is checked (RFC 9420 §7.3: then lifetimes leave no leeway).</summary>
    public bool Sending { get; init; }

    /// <summary>Why a resumption key may be used: reinit and branch only in the first commit of the group that follows.</summary>
    public ResumptionPskUsage Purpose { get; init; } = ResumptionPskUsage.Application;
}
