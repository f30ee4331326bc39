using Quicprochat.Crypto;
using Quicprochat.Mls.Framing;

namespace Quicprochat.Mls.KeySchedule;

/// <summary>
/// The change that using one key makes to a secret tree, not made yet: a message that does not decrypt must not cost the
/// ratchet a step, and memory must not be ahead of the store. It is either applied or disposed.
/// </summary>
internal sealed class RatchetStep(uint leaf, RatchetKind kind, MessageKey key) : IDisposable
{
    public uint Leaf { get; } = leaf;

    public RatchetKind Kind { get; } = kind;

    /// <summary>The key to use, once.</summary>
    public MessageKey Key { get; } = key;

    /// <summary>Tree nodes whose secrets are consumed because this is the first use of the leaf.</summary>
    public IReadOnlyList<uint> ConsumedNodes { get; init; } = [];

    /// <summary>Tree nodes whose secrets take their place.</summary>
    public IReadOnlyList<(uint Node, Secret Secret)> NewNodes { get; init; } = [];

    /// <summary>The first secret of the leaf's other ratchet, where this is the first use of the leaf.</summary>
    public Secret? OtherRatchet { get; init; }

    /// <summary>The ratchet's secret after the step; null where a skipped key is used and the ratchet stays.</summary>
    public Secret? NewSecret { get; init; }

    /// <summary>The ratchet's generation after the step.</summary>
    public uint NewGeneration { get; init; }

    /// <summary>Keys that the step passes over.</summary>
    public IReadOnlyList<MessageKey> Skipped { get; init; } = [];

    /// <summary>Generations whose skipped keys go: the one used, or the oldest of too many.</summary>
    public IReadOnlyList<uint> DroppedGenerations { get; init; } = [];

    public void Dispose()
    {
        Key.Dispose();
        OtherRatchet?.Dispose();
        NewSecret?.Dispose();
        foreach ((_, Secret secret) in NewNodes)
        {
            secret.Dispose();
        }
        foreach (MessageKey skipped in Skipped)
        {
            skipped.Dispose();
        }
    }
}
