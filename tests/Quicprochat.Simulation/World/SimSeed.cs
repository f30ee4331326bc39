using System.Globalization;

namespace Quicprochat.Simulation.World;

/// <summary>Which seed a run takes, and how a failing one is named.</summary>
internal static class SimSeed
{
    /// <summary>The variable that replays a seed: <c>QPC_SEED=17</c>.</summary>
    public const string Variable = "QPC_SEED";

    /// <summary>The variable that names a file for the trace of the last run: <c>QPC_TRACE=/tmp/trace.txt</c>.</summary>
    public const string TraceVariable = "QPC_TRACE";

    /// <summary>The seed of QPC_SEED, else <paramref name="otherwise"/>.</summary>
    public static ulong OrDefault(ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : otherwise;

    /// <summary>The seeds a test runs through: only that of QPC_SEED where it is set.</summary>
    public static IEnumerable<ulong> Range(ulong first, int count) =>
        Environment.GetEnvironmentVariable(Variable) is null
            ? Enumerable.Range(0, count).Select(i => first + (ulong)i)
            : [OrDefault(first)];
}
