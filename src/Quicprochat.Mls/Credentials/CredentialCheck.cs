using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Credentials;

/// <summary>A credential the application is asked to accept or refuse (RFC 9420 §5.3.1), with all that is known about it.</summary>
public sealed class CredentialCheck
{
    /// <summary>Where it turned up.</summary>
    public required CredentialPlace Place { get; init; }

    /// <summary>The group it is for.</summary>
    public required ReadOnlyMemory<byte> GroupId { get; init; }

    /// <summary>What it presents.</summary>
    public required Credential Credential { get; init; }

    /// <summary>The key whose owner it names.</summary>
    public required ReadOnlyMemory<byte> SignatureKey { get; init; }

    /// <summary>The leaf it is in; null for an external sender.</summary>
    public LeafNode? LeafNode { get; init; }

    /// <summary>The leaf that is being replaced: the new credential must be a valid successor of its credential.</summary>
    public LeafNode? Replaced { get; init; }

    /// <summary>The present time, in seconds since 1970-01-01T00:00:00Z, as it was passed in.</summary>
    public required long NowSeconds { get; init; }
}
