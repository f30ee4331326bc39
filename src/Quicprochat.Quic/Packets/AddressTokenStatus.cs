namespace Quicprochat.Quic.Packets;

/// <summary>What to make of the token in a client's Initial.</summary>
internal enum AddressTokenStatus
{
    /// <summary>It validates the client's address.</summary>
    Valid,

    /// <summary>Not a token of this server, or a NEW_TOKEN one that no longer counts: go on as if there were none (RFC 9000 §8.1.3).</summary>
    Ignored,

    /// <summary>A Retry token that does not count: the client takes no second Retry, so the attempt ends with INVALID_TOKEN (RFC 9000 §8.1.2).</summary>
    InvalidRetry,
}
