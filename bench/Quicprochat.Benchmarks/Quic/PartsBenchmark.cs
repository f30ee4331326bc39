using System.Globalization;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>
/// What a packet, a handshake and a call are made of, each part alone and warm, in microseconds of CPU time: of this thread, or of the process where other
/// threads take part. The median of five runs.
/// </summary>
internal static class PartsBenchmark
{
    private const int Runs = 5;
    private const double RunNanoseconds = 60e6;

    public static int Run(string[] arguments)
    {
        string name = arguments.FirstOrDefault() ?? "";
        Console.WriteLine("| part | µs CPU | bytes allocated |");
        Console.WriteLine("|---|---:|---:|");
        using var packets = new PacketParts();
        using var sockets = new SocketParts();
        using var handshakes = new HandshakeParts();
        using var hops = new HopParts();
        foreach (Part part in packets.All().Concat(sockets.All()).Concat(handshakes.All()).Concat(hops.All()))
        {
            if (part.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                Print(part);
            }
        }
        return 0;
    }

    private static void Print(Part part)
    {
        int times = 1;
        double took;
        while ((took = Time(part, times).Nanoseconds) < RunNanoseconds)
        {
            times = (int)Math.Max(times * 2, Math.Min(times * 100.0, times * RunNanoseconds / Math.Max(took, 1)));
        }
        (double Nanoseconds, double Bytes)[] runs = [.. Enumerable.Range(0, Runs).Select(_ => Time(part, times)).OrderBy(static run => run.Nanoseconds)];
        (double nanoseconds, double bytes) = runs[Runs / 2];
        double count = (double)times * part.Each;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {part.Name} | {nanoseconds / count / 1e3:0.000} | {bytes / count:0} |"));
    }

    private static (double Nanoseconds, double Bytes) Time(Part part, int times)
    {
        long bytes = part.OtherThreads ? GC.GetTotalAllocatedBytes() : GC.GetAllocatedBytesForCurrentThread();
        double start = Clock(part);
        for (int i = 0; i < times; i++)
        {
            part.Action();
        }
        double end = Clock(part);
        return (end - start, (part.OtherThreads ? GC.GetTotalAllocatedBytes() : GC.GetAllocatedBytesForCurrentThread()) - bytes);
    }

    private static double Clock(Part part) => part.OtherThreads ? Environment.CpuUsage.TotalTime.TotalNanoseconds : ThreadClock.Nanoseconds;
}
