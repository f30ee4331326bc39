namespace Quicprochat.Simulation.World;

/// <summary>A run that failed: names its seed and shows the end of its trace.</summary>
internal sealed class SimulationException : Exception
{
    public SimulationException(ulong seed, string trace, Exception cause)
        : base($"{cause.Message}{Environment.NewLine}Replay with {SimSeed.Variable}={seed} ({SimSeed.TraceVariable}=FILE keeps the whole trace). Its end:{Environment.NewLine}{trace}", cause)
    {
    }
}
