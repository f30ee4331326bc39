using Quicprochat.Mls.Messages;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Conversations;

/// <summary>What a commit will hold, and what the server is told of it.</summary>
/// <param name="Proposals">All by value.</param>
/// <param name="Added">The devices that come.</param>
/// <param name="Removed">The devices that go.</param>
internal sealed record CommitPlan(IReadOnlyList<Proposal> Proposals, IReadOnlyList<DeviceRef> Added, IReadOnlyList<DeviceRef> Removed)
{
    /// <summary>The committer's leaf gets a new signature key and credential, too.</summary>
    public bool NewLeaf { get; init; }
}
