using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz;

/// <summary>Something that takes bytes from outside. It must bear any: what <see cref="Run"/> throws is a finding.</summary>
internal interface IFuzzTarget : IDisposable
{
    string Name { get; }

    /// <summary>Inputs that mean something, made by code from real handshakes: mutations start from them.</summary>
    IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>Takes one input and checks what must be true afterwards.</summary>
    void Run(ReadOnlySpan<byte> input);

    /// <summary>An input: one of the corpus after a few changes, unless the target knows better.</summary>
    byte[] Generate(SeededRandom random) => Simulation.Operations.Mutation.Of([.. Corpus[random.Next(Corpus.Count)]], random);

    void IDisposable.Dispose()
    {
    }
}
