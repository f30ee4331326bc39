using System.Globalization;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>A client of one stack and a server of another, each a process of its own, and what was measured between them.</summary>
internal sealed class Contest(Stack client, Stack server, ContestSize size)
{
    private readonly Dictionary<string, List<double>> _results = [];

    public string Name { get; } = client == server ? client.Name : $"{client.Name} → {server.Name}";

    /// <summary>The median of what the rounds gave; null when it was not measured.</summary>
    public double? this[string measure] => _results.TryGetValue(measure, out List<double>? values) ? Median(values) : null;

    /// <summary>All modes once, against a server that is started for them.</summary>
    public void Play(string certificates)
    {
        HoldIdle(certificates);
        using StackProcess process = StartServer(certificates, out string address);
        string count = Text(size.Handshakes);
        // What a client costs before it does anything, the compiler included, is not what is measured.
        double startUp = Run("hs", ["10"]).ClientSeconds;

        Outcome bulk = Run("bulk", [Text(size.BulkBytes)]);
        Add(Measure.Bulk, StackProcess.NumberBehind(bulk.Line, "MB/s"));
        AddCpu(Measure.BulkCpu, bulk, size.BulkBytes / 1e6, 1e3);

        Outcome handshakes = Run("hs", [count]);
        Add(Measure.Handshakes, StackProcess.NumberBehind(handshakes.Line, "handshakes/s"));
        AddCpu(Measure.HandshakeCpu, handshakes, size.Handshakes, 1e6);
        if (client.Name == "ours")
        {
            Outcome classical = Run("hs", [count], "x25519");
            Add(Measure.ClassicalHandshakes, StackProcess.NumberBehind(classical.Line, "handshakes/s"));
            AddCpu(Measure.ClassicalHandshakeCpu, classical, size.Handshakes, 1e6);
        }
        foreach (int streams in Measure.Streams)
        {
            Outcome calls = Run("pp", [Text(streams), Text(size.CallSeconds)]);
            double rate = StackProcess.NumberBehind(calls.Line, "msg/s");
            Add(Measure.Calls(streams), rate);
            Add(Measure.CallsMiddle(streams), StackProcess.NumberBehind(calls.Line, "p50us"));
            Add(Measure.CallsTail(streams), StackProcess.NumberBehind(calls.Line, "p99us"));
            AddCpu(Measure.CallsCpu(streams), calls, rate * size.CallSeconds, 1e6);
        }

        Outcome Run(string mode, string[] rest, string? groups = null)
        {
            TimeSpan servedBefore = process.CpuTime;
            TimeSpan endedBefore = StackProcess.EndedCpuTime;
            using StackProcess running = StackProcess.Start(client, client.CommandLine(mode, address, rest), certificates, groups);
            string line = running.ReadResult();
            return new Outcome(line, (StackProcess.EndedCpuTime - endedBefore).TotalSeconds, (process.CpuTime - servedBefore).TotalSeconds);
        }

        void AddCpu(string measure, Outcome outcome, double units, double scale) =>
            Add(measure, (Math.Max(0, outcome.ClientSeconds - startUp) + outcome.ServerSeconds) / units * scale);
    }

    private readonly record struct Outcome(string Line, double ClientSeconds, double ServerSeconds);

    /// <summary>A server of its own, so that nothing of what it did before is given back meanwhile; some handshakes come first, so that what it grows by is the connections.</summary>
    private void HoldIdle(string certificates)
    {
        using StackProcess process = StartServer(certificates, out string address);
        using (StackProcess first = StackProcess.Start(client, client.CommandLine("hs", address, "100"), certificates, groups: null))
        {
            first.ReadResult();
        }
        long before = process.ResidentBytes;
        using StackProcess holder = StackProcess.Start(client, client.CommandLine("idle", address, Text(size.IdleConnections), "60"), certificates, groups: null);
        holder.ReadLine("idle open");
        Add(Measure.IdleMemory, (process.ResidentBytes - before) / 1e3 / size.IdleConnections);
    }

    private StackProcess StartServer(string certificates, out string address)
    {
        StackProcess process = StackProcess.Start(server, server.CommandLine("server", $"127.0.0.1:{Ports.Next()}"), certificates, groups: null);
        address = process.ReadLine("listening").Split(' ')[1];
        return process;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Add(string measure, double value)
    {
        if (!_results.TryGetValue(measure, out List<double>? values))
        {
            _results[measure] = values = [];
        }
        values.Add(value);
    }
}
