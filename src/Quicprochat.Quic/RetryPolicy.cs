namespace Quicprochat.Quic;

/// <summary>When a server validates a client's address by Retry before it remembers anything.</summary>
public enum RetryPolicy
{
    /// <summary>When half of the handshakes allowed at once are under way.</summary>
    UnderLoad,

    /// <summary>For every Initial without a valid token.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
