namespace Quicprochat.Sdk.Store.Sealing;

/// <summary>What Argon2id (RFC 9106) costs, with one lane.</summary>
/// <param name="MemoryKib">Memory in KiB.</param>
/// <param name="Passes">Passes over it.</param>
internal readonly record struct PassphraseCost(int MemoryKib, int Passes)
{
    /// <summary>64 MiB, three passes: the second recommended choice of RFC 9106 §4, with one lane instead of four. About 0.3 s.</summary>
    public static PassphraseCost Default => new(64 * 1024, 3);
}
