using System.Globalization;
using System.Runtime.InteropServices;
using Quicprochat.Interop.Quic;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>Our QUIC between two processes, beside the others between two of theirs, and across; the rounds of all alternate, so that a busy minute hits all of them.</summary>
internal static class QuicBenchmark
{
    public static int Run(string[] arguments)
    {
        ContestSize size = arguments is ["quick"] ? ContestSize.Quick : ContestSize.Full;
        IReadOnlyList<Stack> stacks = Stack.Installed();
        if (stacks.Count == 0 || stacks[0].Name != "ours")
        {
            return 1;
        }
        List<Contest> same = [.. stacks.Select(stack => new Contest(stack, stack, size))];
        List<Contest> across =
        [
            .. stacks.Skip(1).Select(theirs => new Contest(stacks[0], theirs, size)),
            .. stacks.Skip(1).Select(theirs => new Contest(theirs, stacks[0], size)),
        ];
        string certificates = TestCertificates.WriteFolder();
        try
        {
            for (int round = 1; round <= size.Rounds; round++)
            {
                foreach (Contest contest in (IEnumerable<Contest>)[.. same, .. across])
                {
                    Console.Error.WriteLine($"round {round} of {size.Rounds}: {contest.Name}");
                    contest.Play(certificates);
                }
            }
        }
        finally
        {
            Directory.Delete(certificates, recursive: true);
        }
        Print(size, same, across);
        return 0;
    }

    private static void Print(ContestSize size, List<Contest> same, List<Contest> across)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Loopback, two processes, median of {size.Rounds}; {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}; a ratio is ours / theirs, (+) where ours is the better one"));
        Console.WriteLine();
        Console.Write($"| | {same[0].Name} |");
        foreach (Contest other in same.Skip(1))
        {
            Console.Write($" {other.Name} | ratio |");
        }
        Console.WriteLine(string.Concat(across.Select(static contest => $" {contest.Name} |")));
        Console.WriteLine($"|---|---:|{string.Concat(Enumerable.Repeat("---:|", ((same.Count - 1) * 2) + across.Count))}");
        foreach (string measure in Measure.All)
        {
            Console.Write($"| {measure} | {Number(same[0][measure])} |");
            foreach (Contest other in same.Skip(1))
            {
                Console.Write($" {Number(other[measure])} | {Ratio(measure, same[0][measure], other[measure])} |");
            }
            Console.WriteLine(string.Concat(across.Select(contest => $" {Number(contest[measure])} |")));
        }
    }

    private static string Number(double? value) => value switch
    {
        null => "–",
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static string Ratio(string measure, double? ours, double? theirs)
    {
        if (ours is not { } mine || theirs is not { } other || other <= 0)
        {
            return "–";
        }
        bool better = Measure.IsCost(measure) ? mine < other : mine > other;
        return string.Create(CultureInfo.InvariantCulture, $"{mine / other:0.00}{(better ? " (+)" : "")}");
    }
}
