namespace Quicprochat.Simulation.Attacks;

/// <summary>Tests that measure the heap run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "memory";

    /// <summary>Bytes in use after a full collection.</summary>
    public static long Used() => GC.GetTotalMemory(forceFullCollection: true);
}
