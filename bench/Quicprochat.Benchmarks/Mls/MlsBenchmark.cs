using System.Globalization;
using Quicprochat.Mls;

namespace Quicprochat.Benchmarks.Mls;

/// <summary>
/// What groups of 2 to 1,000 members cost, in CPU milliseconds of the process and in bytes, cold (all added in one commit) and warm (every member has
/// committed since), in the suite every client has and in the default one; whether adding everyone grows with the group or faster; and how ts-mls does.
/// </summary>
internal static class MlsBenchmark
{
    private static readonly string[] Operations = ["add", "join", "create", "process", "load", "protect", "unprotect"];

    public static int Run(string[] arguments)
    {
        bool quick = arguments.Contains("quick");
        bool alone = arguments.Contains("alone");
        int[] sizes = quick ? [2, 10, 100] : [2, 10, 100, 1000];
        int[] growth = quick ? [50, 100, 200, 400] : [250, 500, 1000, 2000];
        WarmTheCompiler();

        CipherSuite classical = CipherSuite.X25519Aes128GcmSha256Ed25519;
        List<Measurement> classicalRows = Measure(classical, sizes);
        List<Measurement> hybridRows = Measure(CipherSuites.All.Default, sizes);
        IReadOnlyList<Measurement> theirs = alone ? [] : TsMlsMeasurements.Run("1", sizes);

        PrintTable(classical, classicalRows, theirs);
        PrintTable(CipherSuites.All.Default, hybridRows, []);
        PrintGrowth(classical, growth);
        PrintGrowth(CipherSuites.All.Default, growth);
        return 0;
    }

    /// <summary>The first calls are slow because they are compiled; nobody's group pays that twice.</summary>
    private static void WarmTheCompiler()
    {
        foreach (CipherSuite suite in (CipherSuite[])[CipherSuite.X25519Aes128GcmSha256Ed25519, CipherSuites.All.Default])
        {
            var nobody = new OurMeasurements(suite, static _ => { });
            nobody.Cold(20);
            nobody.Warm(20);
        }
    }

    private static List<Measurement> Measure(CipherSuite suite, int[] sizes)
    {
        var rows = new List<Measurement>();
        var measurements = new OurMeasurements(suite, rows.Add);
        foreach (int size in sizes)
        {
            Console.Error.WriteLine($"measuring {size} members in {suite}");
            measurements.Cold(size);
            measurements.Warm(size);
        }
        return rows;
    }

    private static void PrintTable(CipherSuite suite, List<Measurement> ours, IReadOnlyList<Measurement> theirs)
    {
        Console.WriteLine();
        Console.WriteLine($"{suite}, CPU milliseconds (median and least of five batches), handshakes as PublicMessage, tree in the Welcome");
        Console.WriteLine();
        Console.WriteLine("| operation | members | | ms | least | bytes | ts-mls ms | bytes | ts-mls / ours |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|---:|---:|");
        foreach (Measurement row in ours.OrderBy(static row => Array.IndexOf(Operations, row.Operation)).ThenBy(static row => row.Size))
        {
            Measurement? other = theirs.LastOrDefault(other => other.Operation == row.Operation && other.Size == row.Size && other.Kind == row.Kind);
            string compared = other is null ? "– | – | –" : string.Create(CultureInfo.InvariantCulture, $"{other.Time.Median:0.###} | {other.Bytes} | {other.Time.Median / row.Time.Median:0}×");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row.Operation} | {row.Size} | {row.Kind} | {row.Time.Median:0.###} | {row.Time.Least:0.###} | {row.Bytes} | {compared} |"));
        }
    }

    private static void PrintGrowth(CipherSuite suite, int[] sizes)
    {
        Console.WriteLine();
        Console.WriteLine($"Adding everyone in one commit, {suite}: the time for each member stays the same when nothing is quadratic");
        Console.WriteLine();
        Console.WriteLine("| members | ms | least | least for each member | commit bytes |");
        Console.WriteLine("|---:|---:|---:|---:|---:|");
        var measurements = new OurMeasurements(suite, static row => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {row.Size} | {row.Time.Median:0.#} | {row.Time.Least:0.#} | {row.Time.Least / row.Size:0.000} | {row.Bytes} |")));
        foreach (int size in sizes)
        {
            measurements.AddOnly(size);
        }
    }
}
