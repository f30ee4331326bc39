namespace Quicprochat.Benchmarks.Quic;

/// <summary>What is measured, by the words of the table. CPU time is that of both processes together, without the client's start.</summary>
internal static class Measure
{
    public const string Bulk = "bulk, MB/s";
    public const string BulkCpu = "CPU ms per MB";
    public const string Handshakes = "handshakes/s, the stack's own choice of group";
    public const string HandshakeCpu = "CPU µs per handshake";
    public const string ClassicalHandshakes = "handshakes/s, X25519";
    public const string ClassicalHandshakeCpu = "CPU µs per handshake, X25519";
    public const string IdleMemory = "kB per idle connection, server's resident memory";

    public static IReadOnlyList<int> Streams { get; } = [1, 16, 256];

    /// <summary>In the table's order.</summary>
    public static IEnumerable<string> All =>
    [
        Bulk, BulkCpu, Handshakes, HandshakeCpu, ClassicalHandshakes, ClassicalHandshakeCpu,
        .. Streams.SelectMany(static streams => (string[])[Calls(streams), CallsMiddle(streams), CallsTail(streams), CallsCpu(streams)]),
        IdleMemory,
    ];

    /// <summary>True where a small number is a good one.</summary>
    public static bool IsCost(string measure) => !measure.Contains("/s", StringComparison.Ordinal);

    public static string Calls(int streams) => $"calls/s, {streams} stream{(streams > 1 ? "s" : "")} of 64 bytes";

    public static string CallsMiddle(int streams) => $"p50 µs, {streams}";

    public static string CallsTail(int streams) => $"p99 µs, {streams}";

    public static string CallsCpu(int streams) => $"CPU µs per call, {streams}";
}
