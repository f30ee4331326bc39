using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>What a commit covers and what is made with it.</summary>
public sealed record CommitOptions
{
    /// <summary>Proposals that go by value.</summary>
    public IReadOnlyList<Proposal> Proposals { get; init; } = [];

    /// <summary>Whether the proposals received in this epoch are covered by reference, as far as they fit together.</summary>
    public bool IncludeReceived { get; init; } = true;

    /// <summary>Whether the commit renews the committer's keys even where it need not (RFC 9420 §12.4).</summary>
    public bool AlwaysPath { get; init; } = true;

    /// <summary>Whether the Welcome brings the public tree.</summary>
    public bool TreeInWelcome { get; init; } = true;

    /// <summary>Whether a GroupInfo of the new epoch is made for external joins.</summary>
    public bool WithGroupInfo { get; init; }

    /// <summary>What changes about the committer's leaf; needs a path.</summary>
    public LeafChanges? Leaf { get; init; }

    /// <summary>How the commit is sent.</summary>
    public MessageOptions Message { get; init; } = new();
}
