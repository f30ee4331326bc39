using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>What the creator of a group decides.</summary>
public sealed record GroupOptions
{
    /// <summary>The id; as many random bytes as the suite's hash has when null.</summary>
    public ReadOnlyMemory<byte>? GroupId { get; init; }

    /// <summary>Extensions of the group, such as <see cref="RequiredCapabilities"/> and external senders.</summary>
    public IReadOnlyList<Extension> Extensions { get; init; } = [];

    /// <summary>Extensions of the creator's leaf.</summary>
    public IReadOnlyList<Extension> LeafExtensions { get; init; } = [];
}
