namespace Quicprochat.Quic;

/// <summary>The two ECN bits of an IP header (RFC 3168 §5).</summary>
public enum Ecn : byte
{
    /// <summary>Not ECN-capable.</summary>
    NotEct = 0,

    /// <summary>ECT(1).</summary>
    Ect1 = 1,

    /// <summary>ECT(0).</summary>
    Ect0 = 2,

    /// <summary>Congestion experienced.</summary>
    Ce = 3,
}
