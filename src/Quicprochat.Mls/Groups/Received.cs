namespace Quicprochat.Mls.Groups;

/// <summary>What became of a message that arrived. One of the four sealed types.</summary>
public abstract class Received
{
    private protected Received(ulong epoch) => Epoch = epoch;

    /// <summary>The epoch the message was sent in.</summary>
    public ulong Epoch { get; }
}
