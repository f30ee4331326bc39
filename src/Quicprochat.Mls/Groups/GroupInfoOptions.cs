namespace Quicprochat.Mls.Groups;

/// <summary>What a GroupInfo holds.</summary>
public sealed record GroupInfoOptions
{
    /// <summary>Whether it brings the public tree.</summary>
    public bool RatchetTree { get; init; } = true;

    /// <summary>Whether it brings the key for external commits.</summary>
    public bool ExternalPub { get; init; } = true;
}
