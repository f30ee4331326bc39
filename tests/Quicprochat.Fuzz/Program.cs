using System.Diagnostics;
using System.Globalization;
using SharpFuzz;
using Xunit.MicrosoftTestingPlatform;

namespace Quicprochat.Fuzz;

/// <summary>
/// The tests; and, for scripts/fuzz and for afl++:
/// <code>
/// fuzz SECONDS [TARGET]      random inputs to each target in turn
/// fuzz input TARGET HEX      one input, as a finding gives it
/// fuzz corpus TARGET FOLDER  writes the target's corpus as files
/// fuzz afl TARGET            takes inputs from afl-fuzz (the product's assemblies instrumented by sharpfuzz)
/// </code>
/// </summary>
internal static class Program
{
    private const int InputsAtOnce = 200;

    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["fuzz", "input", var name, var hex] when FuzzTargets.All.TryGetValue(name, out Func<IFuzzTarget>? create):
                using (IFuzzTarget target = create())
                {
                    target.Run(Convert.FromHexString(hex));
                }
                Console.WriteLine("borne");
                return 0;
            case ["fuzz", "corpus", var name, var folder] when FuzzTargets.All.TryGetValue(name, out Func<IFuzzTarget>? create):
                using (IFuzzTarget target = create())
                {
                    WriteCorpus(target, folder);
                }
                return 0;
            case ["fuzz", "afl", var name] when FuzzTargets.All.TryGetValue(name, out Func<IFuzzTarget>? create):
                using (IFuzzTarget target = create())
                {
                    RunUnderAfl(target);
                }
                return 0;
            case ["fuzz", var seconds, .. var names] when int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out int duration) && names.All(FuzzTargets.All.ContainsKey):
                return RunFor(TimeSpan.FromSeconds(duration), names.Length == 0 ? [.. FuzzTargets.All.Keys] : names);
            case ["fuzz", ..]:
                await Console.Error.WriteLineAsync($"usage: fuzz SECONDS [TARGET...] | fuzz input|corpus|afl TARGET ...; targets: {string.Join(' ', FuzzTargets.All.Keys)}");
                return 2;
            default:
                return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }
    }

    /// <summary>An equal share of the time for each target. The seed is of the moment, and printed.</summary>
    private static int RunFor(TimeSpan duration, string[] names)
    {
        ulong seed = (ulong)Stopwatch.GetTimestamp();
        long total = 0;
        foreach (string name in names)
        {
            using IFuzzTarget target = FuzzTargets.All[name]();
            var run = new FuzzRun(target, seed);
            var clock = Stopwatch.StartNew();
            try
            {
                while (clock.Elapsed < duration / names.Length)
                {
                    run.Run(InputsAtOnce);
                }
            }
            catch (FuzzException finding)
            {
                Console.WriteLine($"seed {seed}: {finding.Message}");
                return 1;
            }
            total += run.Count;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {run.Count,9} execs {run.Count / clock.Elapsed.TotalSeconds,8:0}/s"));
        }
        Console.WriteLine($"{total} execs clean, seed {seed}");
        return 0;
    }

    private static void WriteCorpus(IFuzzTarget target, string folder)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < target.Corpus.Count; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{target.Name}-{i:000}"), target.Corpus[i]);
        }
        Console.WriteLine($"{target.Corpus.Count} files in {folder}");
    }

    private static void RunUnderAfl(IFuzzTarget target) => Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        target.Run(input.ToArray());
    });
}
