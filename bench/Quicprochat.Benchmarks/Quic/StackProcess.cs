using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>A stack's program while it runs: its lines, its CPU time, its memory.</summary>
internal sealed partial class StackProcess : IDisposable
{
    private const int ChildrenUsage = -1;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly string _name;

    private StackProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>CPU time so far, of a process that still runs.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of memory that are resident.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>CPU time of all processes that this one has started and that have ended.</summary>
    public static TimeSpan EndedCpuTime
    {
        get
        {
            if (!OperatingSystem.IsLinux() || GetUsage(ChildrenUsage, out Usage usage) != 0)
            {
                return TimeSpan.Zero;
            }
            return TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds) + TimeSpan.FromMicroseconds(usage.UserMicros + usage.SystemMicros);
        }
    }

    public static StackProcess Start(Stack stack, IEnumerable<string> commandLine, string certificates, string? groups)
    {
        var start = new ProcessStartInfo(stack.FileName) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in commandLine)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["CERTS"] = certificates;
        start.Environment["NO_COLOR"] = "1";
        if (groups is not null)
        {
            start.Environment["GROUPS"] = groups;
        }
        return new StackProcess(Process.Start(start)!, stack.Name);
    }

    /// <summary>Waits for a line that begins with <paramref name="word"/>.</summary>
    public string ReadLine(string word)
    {
        string? line = _process.StandardOutput.ReadLineAsync().WaitAsync(_patience).GetAwaiter().GetResult();
        return line?.StartsWith(word, StringComparison.Ordinal) == true
            ? line
            : throw new InvalidOperationException($"{_name} printed '{line}', not '{word} …'. {_errors}");
    }

    /// <summary>Waits for its end; its last line.</summary>
    public string ReadResult()
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync();
        if (!_process.WaitForExit(_patience) || _process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{_name} did not succeed. {_errors}");
        }
        return output.GetAwaiter().GetResult().TrimEnd().Split('\n')[^1];
    }

    /// <summary>The number behind a word of a result line.</summary>
    public static double NumberBehind(string line, string word)
    {
        string[] words = line.Split(' ');
        int index = Array.IndexOf(words, word);
        return index >= 0 && index + 1 < words.Length
            ? double.Parse(words[index + 1], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"There is no '{word}' in '{line}'.");
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    /// <summary>struct rusage; what follows the times is not looked at.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public nint UserSeconds;
        public nint UserMicros;
        public nint SystemSeconds;
        public nint SystemMicros;
    }
}
