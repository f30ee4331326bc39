using Quicprochat.Crypto;
using Quicprochat.Mls.Framing;

namespace Quicprochat.Mls.KeySchedule;

/// <summary>
/// One symmetric hash ratchet (RFC 9420 §9.1): the secret of the next generation, and the keys of generations that were passed
/// over and may still arrive. Every secret before it is gone.
/// </summary>
internal sealed class Ratchet(Secret secret, uint generation) : IDisposable
{
    private readonly SortedDictionary<uint, MessageKey> _skipped = [];

    /// <summary>The secret of <see cref="Generation"/>.</summary>
    public Secret Secret { get; private set; } = secret;

    /// <summary>The next generation to derive.</summary>
    public uint Generation { get; private set; } = generation;

    /// <summary>Keys that were passed over, by generation.</summary>
    public IReadOnlyDictionary<uint, MessageKey> Skipped => _skipped;

    /// <summary>Moves on; the old secret is zeroed.</summary>
    public void Advance(Secret secret, uint generation)
    {
        Secret.Dispose();
        Secret = secret;
        Generation = generation;
    }

    public void AddSkipped(MessageKey key) => _skipped.Add(key.Generation, key);

    /// <summary>Forgets a skipped key and zeroes it.</summary>
    public void DropSkipped(uint generation)
    {
        if (_skipped.Remove(generation, out MessageKey? key))
        {
            key.Dispose();
        }
    }

    public void Dispose()
    {
        Secret.Dispose();
        foreach (MessageKey key in _skipped.Values)
        {
            key.Dispose();
        }
        _skipped.Clear();
    }
}
