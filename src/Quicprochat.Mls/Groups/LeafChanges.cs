using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>What a member changes about its leaf beside the encryption key, which always changes.</summary>
public sealed record LeafChanges
{
    /// <summary>A new credential and signature key; the old ones stay when null.</summary>
    public SigningIdentity? Identity { get; init; }

    /// <summary>New extensions; the old ones stay when null.</summary>
    public IReadOnlyList<Extension>? Extensions { get; init; }
}
