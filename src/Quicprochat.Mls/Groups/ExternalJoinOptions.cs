using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>What may be different about joining by an external commit (RFC 9420 §12.4.3.2).</summary>
public sealed record ExternalJoinOptions
{
    /// <summary>The public tree, where the GroupInfo does not bring it.</summary>
    public ReadOnlyMemory<byte>? RatchetTree { get; init; }

    /// <summary>The leaf of an old appearance of this client, which the join removes.</summary>
    public uint? Resync { get; init; }

    /// <summary>Ids of external pre-shared keys to mix in.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Psks { get; init; } = [];

    /// <summary>Extensions of the leaf.</summary>
    public IReadOnlyList<Extension> LeafExtensions { get; init; } = [];

    /// <summary>Data sent along, in the clear and authenticated.</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; init; }
}
