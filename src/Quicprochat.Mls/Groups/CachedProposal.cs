namespace Quicprochat.Mls.Groups;

/// <summary>A proposal of the present epoch.</summary>
/// <param name="Received">The proposal and the message it came in.</param>
/// <param name="Own">The private half, where it is this member's own Update.</param>
/// <param name="Order">Its place among the proposals of the epoch.</param>
internal sealed record CachedProposal(ReceivedProposal Received, OwnUpdate? Own, ulong Order);
