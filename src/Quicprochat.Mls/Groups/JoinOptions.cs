namespace Quicprochat.Mls.Groups;

/// <summary>What may be needed to join a group.</summary>
public sealed record JoinOptions
{
    /// <summary>The public tree, where the message does not bring it.</summary>
    public ReadOnlyMemory<byte>? RatchetTree { get; init; }

    /// <summary>The group this one continues, by ReInit or branch; looked for in the store when null.</summary>
    public Group? Origin { get; init; }
}
