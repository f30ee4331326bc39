namespace Quicprochat.Transport.Certificates;

/// <summary>What is wrong with a peer's certificate.</summary>
internal enum CertificateFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The peer showed none.</summary>
    Missing,

    /// <summary>It is no X.509 certificate.</summary>
    Malformed,

    /// <summary>Its chain ends at no trusted root.</summary>
    Untrusted,

    /// <summary>It, or one above it, is no longer or not yet valid.</summary>
    Expired,

    /// <summary>It, or one above it, has been revoked.</summary>
    Revoked,

    /// <summary>It may not be used for this end of TLS, or one above it may not sign certificates.</summary>
    WrongUsage,

    /// <summary>It was made for another name.</summary>
    NameMismatch,

    /// <summary>Its key is not one of those pinned.</summary>
    PinMismatch,

    /// <summary>Its chain is broken in some other way.</summary>
    BrokenChain,

    /// <summary>The application's callback refused it.</summary>
    RefusedByCallback,

    /// <summary>The application's callback threw.</summary>
    CallbackFailed,
}
