namespace Quicprochat.Quic.Recovery;

/// <summary>What is known of a path's ECN support (RFC 9000 A.4).</summary>
internal enum EcnState
{
    /// <summary>Early packets are marked.</summary>
    Testing,

    /// <summary>Enough were marked; the verdict is awaited.</summary>
    Unknown,

    /// <summary>Marks arrive and are reported: all packets are marked.</summary>
    Capable,

    /// <summary>No packet is marked any more.</summary>
    Failed,
}
