namespace Quicprochat.Transport;

/// <summary>How many more streams the peer allows.</summary>
public readonly record struct QuicStreamCapacityChangedArgs
{
    /// <summary>More bidirectional streams.</summary>
    public int BidirectionalIncrement { get; init; }

    /// <summary>More unidirectional streams.</summary>
    public int UnidirectionalIncrement { get; init; }
}
