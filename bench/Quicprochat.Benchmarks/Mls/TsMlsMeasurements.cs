using System.Diagnostics;
using System.Globalization;
using Quicprochat.Interop.Mls;

namespace Quicprochat.Benchmarks.Mls;

/// <summary>The same operations by ts-mls from npm, in a process of its own.</summary>
internal static class TsMlsMeasurements
{
    /// <summary>The rows, or none with the reason where ts-mls is not installed.</summary>
    public static IReadOnlyList<Measurement> Run(string suite, IReadOnlyList<int> sizes)
    {
        if (!TsMlsFolder.TryGet(out string folder, out string absence))
        {
            Console.WriteLine($"ts-mls is not compared: {absence}");
            return [];
        }
        string[] arguments = [Path.Combine(folder, "bench.mjs"), suite, .. sizes.Select(static size => size.ToString(CultureInfo.InvariantCulture))];
        using Process process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        var rows = new List<Measurement>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            rows.Add(Read(line.Split(' ')));
        }
        process.WaitForExit();
        return rows;
    }

    private static Measurement Read(string[] words)
    {
        double milliseconds = double.Parse(words[3], CultureInfo.InvariantCulture);
        return new Measurement(
            words[0], int.Parse(words[1], CultureInfo.InvariantCulture), words[2], new CpuTime(milliseconds, milliseconds), int.Parse(words[4], CultureInfo.InvariantCulture));
    }
}
