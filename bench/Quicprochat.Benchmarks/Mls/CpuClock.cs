namespace Quicprochat.Benchmarks.Mls;

/// <summary>CPU time of the whole process, collector and compiler included; a loaded machine lengthens it little.</summary>
internal static class CpuClock
{
    /// <summary>CPU milliseconds of one call, from as many calls as fill the time.</summary>
    public static (double Milliseconds, T Result) Measure<T>(int times, Func<T> call)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        T result = call();
        for (int i = 1; i < times; i++)
        {
            result = call();
        }
        return ((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times, result);
    }
}
