using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>What may be different about a key package.</summary>
public sealed record KeyPackageOptions
{
    /// <summary>It may be used more than once, when no other is left; its private half stays after a join.</summary>
    public bool LastResort { get; init; }

    /// <summary>When it is good; from now on, as the client's policy says, when null.</summary>
    public Lifetime? Lifetime { get; init; }

    /// <summary>Extensions of the key package.</summary>
    public IReadOnlyList<Extension> Extensions { get; init; } = [];

    /// <summary>Extensions of the leaf.</summary>
    public IReadOnlyList<Extension> LeafExtensions { get; init; } = [];
}
