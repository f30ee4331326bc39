namespace Quicprochat.Transport;

/// <summary>Bytes the peer may send before any are read, at the start; the windows grow with the path's speed.</summary>
public sealed class QuicReceiveWindowSizes
{
    /// <summary>On the whole connection.</summary>
    public int Connection { get; set; } = 1 << 20;

    /// <summary>On each bidirectional stream that this end opened.</summary>
    public int LocallyInitiatedBidirectionalStream { get; set; } = 256 << 10;

    /// <summary>On each bidirectional stream that the peer opened.</summary>
    public int RemotelyInitiatedBidirectionalStream { get; set; } = 256 << 10;

    /// <summary>On each unidirectional stream of the peer's.</summary>
    public int UnidirectionalStream { get; set; } = 256 << 10;
}
