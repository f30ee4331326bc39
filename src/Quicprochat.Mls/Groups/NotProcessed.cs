namespace Quicprochat.Mls.Groups;

/// <summary>A message that changed nothing, and why. It was not verified further than the reason needed.</summary>
public sealed class NotProcessed : Received
{
    internal NotProcessed(ulong epoch, NotProcessedReason reason)
        : base(epoch)
        => Reason = reason;

    /// <summary>Why.</summary>
    public NotProcessedReason Reason { get; }

    /// <summary>For a fork: the hash of the commit this member took, see <see cref="CommitRace"/>.</summary>
    public ReadOnlyMemory<byte> Winner { get; internal init; }

    /// <summary>For a fork: the hash of the commit that arrived.</summary>
    public ReadOnlyMemory<byte> Loser { get; internal init; }
}
