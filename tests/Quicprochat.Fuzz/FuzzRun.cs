using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz;

/// <summary>Runs one target on generated inputs.</summary>
internal sealed class FuzzRun(IFuzzTarget target, ulong seed)
{
    private readonly SeededRandom _random = new SeededRandom(seed).Fork(target.Name);

    /// <summary>Inputs run so far.</summary>
    public long Count { get; private set; }

    /// <summary>The corpus as it is, then <paramref name="count"/> inputs.</summary>
    public void Run(int count)
    {
        if (Count == 0)
        {
            foreach (byte[] input in target.Corpus)
            {
                RunOne(input);
            }
        }
        for (int i = 0; i < count; i++)
        {
            RunOne(target.Generate(_random));
        }
    }

    private void RunOne(byte[] input)
    {
        Count++;
        try
        {
            target.Run(input);
        }
        catch (Exception cause)
        {
            throw new FuzzException(target.Name, input, cause);
        }
    }
}
