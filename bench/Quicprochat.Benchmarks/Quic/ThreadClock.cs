using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>CPU time of this thread: who else runs on the machine does not show in it. Elsewhere than on Linux it is the time of day.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Nanoseconds from an arbitrary zero.</summary>
    public static long Nanoseconds
    {
        get
        {
            if (OperatingSystem.IsLinux() && Read(ThreadCpuTime, out TimeSpec time) == 0)
            {
                return (time.Seconds * 1_000_000_000L) + time.Nanoseconds;
            }
            return (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
