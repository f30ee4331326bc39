using System.Diagnostics;
using System.Globalization;
using Quicprochat.Sdk;
using Quicprochat.Sdk.Load;

namespace Quicprochat.Benchmarks.Messenger;

/// <summary>A server of its own on one core, the load on the others: the table of docs/performance.md.</summary>
internal static class MessengerBenchmark
{
    public static int Run(string[] arguments)
    {
        bool quick = arguments.Contains("quick");
        return (arguments.Contains("join") ? RunJoinAsync() : RunAsync(quick)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunJoinAsync()
    {
        string folder = Directory.CreateTempSubdirectory("qpc-bench-").FullName;
        try
        {
            LeaveCore(0);
            await using ServerUnderTest server = await ServerUnderTest.StartAsync(folder);
            await MeasureJoinAsync(server);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureJoinAsync(ServerUnderTest server)
    {
        await using LoadRun run = await LoadRun.StartAsync(new LoadOptions { Server = ServerAddress.Parse(server.Address) });
        foreach (LoadFigure figure in await run.JoinAsync(500))
        {
            Print(figure);
        }
    }

    private static async Task<int> RunAsync(bool quick)
    {
        string folder = Directory.CreateTempSubdirectory("qpc-bench-").FullName;
        try
        {
            LeaveCore(0);
            await using ServerUnderTest server = await ServerUnderTest.StartAsync(Path.Combine(folder, "server"));
            Print(new LoadFigure("start-up, from the process to listening, certificate made", "ms", server.StartUp.TotalMilliseconds, 1_000, SmallerIsBetter: true));
            await MeasureMemoryAsync(server, quick ? [200] : [1_000, 5_000]);
            var options = new LoadOptions
            {
                Server = ServerAddress.Parse(server.Address),
                Duration = TimeSpan.FromSeconds(quick ? 2 : 8),
                Pairs = quick ? [1, 50] : [1, 50, 500],
                Members = quick ? [10, 100] : [10, 100, 500],
            };
            await using (LoadRun run = await LoadRun.StartAsync(options))
            {
                await foreach (LoadFigure figure in run.MeasureAsync())
                {
                    Print(figure);
                }
            }
            if (!quick)
            {
                await MeasureJoinAsync(server);
            }
            await MeasureDiskAsync(Path.Combine(folder, "disk"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Leaves a core to the server where there is more than one.</summary>
    private static void LeaveCore(int core)
    {
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = (nint)(((1L << Environment.ProcessorCount) - 1) & ~(1L << core));
        }
    }

    private static async Task MeasureMemoryAsync(ServerUnderTest server, int[] counts)
    {
        await using LoadRun run = await LoadRun.StartAsync(new LoadOptions { Server = ServerAddress.Parse(server.Address) });
        long before = server.ResidentBytes;
        foreach (int count in counts)
        {
            await run.IdleAsync(count);
            Print(new LoadFigure($"server memory for each of {count} idle authenticated connections", "kB", (server.ResidentBytes - before) / 1000.0 / count, 60, SmallerIsBetter: true));
        }
    }

    /// <summary>Messages that nobody fetches, in a server that is then stopped, so that everything is in the database and nothing in its log.</summary>
    private static async Task MeasureDiskAsync(string folder)
    {
        const int Count = 20_000;
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(folder))
        {
            await using LoadRun run = await LoadRun.StartAsync(new LoadOptions { Server = ServerAddress.Parse(server.Address) });
            await run.StoreAsync(Count);
        }
        long length = Directory.EnumerateFiles(folder, "server.db*").Sum(static file => new FileInfo(file).Length);
        Print(new LoadFigure($"disk for each of {Count} stored messages of 300 bytes", "bytes", length / (double)Count, null, SmallerIsBetter: true));
    }

    private static void Print(LoadFigure figure)
    {
        string value = figure.Value.ToString(figure.Value < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture);
        string target = figure.Target is { } wanted ? $"{(figure.SmallerIsBetter ? "≤" : "≥")} {wanted.ToString("N0", CultureInfo.InvariantCulture)}{(figure.IsMet ? "" : "  (not met)")}" : "";
        Console.WriteLine($"| {figure.What} | {value} | {figure.Unit} | {target} |");
    }
}
