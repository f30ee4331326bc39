using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>What a commit changed.</summary>
public sealed class EpochChange
{
    /// <summary>The epoch it began.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Who committed: a member, or one that joined by the commit.</summary>
    public required Sender Committer { get; init; }

    /// <summary>The leaf of the committer in the new epoch.</summary>
    public required uint CommitterLeaf { get; init; }

    /// <summary>Who was added, with the leaf in the new epoch; the joiner of an external commit too.</summary>
    public IReadOnlyList<Member> Added { get; init; } = [];

    /// <summary>Who was removed, with the leaf in the old epoch.</summary>
    public IReadOnlyList<Member> Removed { get; init; } = [];

    /// <summary>Whose leaf was replaced, as it is now; the committer's too where the commit has a path.</summary>
    public IReadOnlyList<Member> Updated { get; init; } = [];

    /// <summary>The proposals that were covered, in their order.</summary>
    public IReadOnlyList<Proposal> Proposals { get; init; } = [];

    /// <summary>True when the extensions of the group were replaced.</summary>
    public bool ExtensionsChanged { get; init; }

    /// <summary>The ReInit that closed the group; null when none did.</summary>
    public ReInitProposal? ReInit { get; init; }

    /// <summary>True when this client was removed.</summary>
    public bool RemovedSelf { get; init; }
}
