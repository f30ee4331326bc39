using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>A commit that was made, before it is protected: the signed content, the epoch it begins, and what a Welcome needs.</summary>
internal sealed class CommitDraft : IDisposable
{
    public required AuthenticatedContent Content { get; init; }

    /// <summary>The epoch it begins; it is zeroed with the draft unless it was kept.</summary>
    public required EpochState Next { get; init; }

    /// <summary>The epoch it ends, with which the next shares what stays; null where the committer joins by it.</summary>
    public required EpochState? Base { get; init; }

    public required AppliedProposals Applied { get; init; }

    public required EpochDerivation Derivation { get; init; }

    public required IReadOnlyList<FilteredPathNode> Path { get; init; }

    /// <summary>The path secrets, one for each node of <see cref="Path"/>; null when the commit has no path.</summary>
    public PathSecrets? PathSecrets { get; init; }

    /// <summary>Set once someone else owns <see cref="Next"/>.</summary>
    public bool IsKept { get; set; }

    public void Dispose()
    {
        Derivation.Dispose();
        PathSecrets?.Dispose();
        if (!IsKept)
        {
            Next.DisposeExcept(Base);
        }
    }
}
