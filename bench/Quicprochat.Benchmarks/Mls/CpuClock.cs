namespace Quicprochat.Benchmarks.Mls;

/// <summary>CPU time of the whole process, collector and compiler included; a loaded machine lengthens it little.</summary>
internal static class CpuClock
{
    private const int BatchesMax = 5;

    /// <summary>CPU milliseconds of one call: the median of up to five batches, so that one collection does not stand for all.</summary>
    public static (double Milliseconds, T Result) Measure<T>(int times, Func<T> call)
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
        return (milliseconds[batches / 2], result);
    }
}
