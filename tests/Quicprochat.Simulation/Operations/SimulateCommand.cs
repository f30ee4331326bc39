using System.Globalization;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Operations;

/// <summary>Runs many seeds of the <see cref="OperationFuzzer"/> and names those that fail, each with the fewest operations that make it fail.</summary>
internal static class SimulateCommand
{
    /// <summary>The variable that shortens runs to so many operations, as a shrunk failure asks for.</summary>
    private const string OperationsVariable = "QPC_OPERATIONS";

    public static int Run(string[] args)
    {
        if (args.Length is 0 or > 2 || !TryNumber(args[0], out ulong count) || !TryNumber(args.ElementAtOrDefault(1) ?? "1", out ulong first))
        {
            Console.Error.WriteLine("usage: simulate SEEDS [FIRST]");
            return 2;
        }
        var failed = new List<ulong>();
        bool keepsTrace = Environment.GetEnvironmentVariable(SimSeed.TraceVariable) is not null;
        int operations = TryNumber(Environment.GetEnvironmentVariable(OperationsVariable) ?? "", out ulong number) ? (int)number : OperationFuzzer.DefaultOperations;
        for (ulong seed = first; seed < first + count; seed++)
        {
            try
            {
                OperationFuzzer.Run(seed, operations);
            }
            catch (SimulationException e)
            {
                failed.Add(seed);
                // A trace that is kept is that of the whole run.
                string shrunk = keepsTrace ? "" : $", with {OperationFuzzer.Shrink(seed, operations, e.Message)} operations or more";
                Console.WriteLine($"seed {seed} fails{shrunk}: {e.Message}");
            }
        }
        Console.WriteLine(failed.Count == 0 ? $"{count} seeds clean" : $"{failed.Count} of {count} seeds fail: {string.Join(' ', failed)}");
        return failed.Count == 0 ? 0 : 1;
    }

    private static bool TryNumber(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
