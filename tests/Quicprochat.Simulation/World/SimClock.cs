namespace Quicprochat.Simulation.World;

/// <summary>Virtual time in microseconds. It only moves when the world moves it.</summary>
internal sealed class SimClock
{
    public const long Millisecond = 1_000;
    public const long Second = 1_000_000;

    /// <summary>Not 0, so that code which takes 0 for "never" is found out.</summary>
    public const long Start = 1_000 * Second;

    public long Now { get; private set; } = Start;

    /// <summary>Time since the world began.</summary>
    public long Elapsed => Now - Start;

    public void MoveTo(long time)
    {
        if (time < Now)
        {
            throw new InvalidOperationException($"Time cannot go back from {Now} to {time}.");
        }
        Now = time;
    }
}
