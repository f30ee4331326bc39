namespace Quicprochat.Benchmarks.Mls;

/// <summary>CPU time of the whole process, collector and compiler included; a loaded machine lengthens it little.</summary>
internal static class CpuClock
{
    private const int BatchesMax = 5;

    /// <summary>
    /// CPU milliseconds of one call, over up to five batches: the median, so that one collection does not stand for all, and the least, which a loaded machine
    /// lengthens least.
    /// </summary>
    public static (CpuTime Time, T Result) Measure<T>(int times, Func<T> call)
    {
        int batches = Math.Min(BatchesMax, times);
        int size = times / batches;
        var milliseconds = new double[batches];
        T result = default!;
        for (int batch = 0; batch < batches; batch++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < size; i++)
            {
                result = call();
            }
            milliseconds[batch] = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / size;
        }
        Array.Sort(milliseconds);
        return (new CpuTime(milliseconds[batches / 2], milliseconds[0]), result);
    }
}
