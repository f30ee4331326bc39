namespace Quicprochat.Transport.Loop;

/// <summary>A <see cref="TimeProvider"/> as the microseconds that the state machine counts in: monotonic, from an arbitrary zero.</summary>
internal sealed class LoopClock(TimeProvider provider)
{
    private readonly long _start = provider.GetTimestamp();

    public long Now => (long)((Int128)(provider.GetTimestamp() - _start) * 1_000_000 / provider.TimestampFrequency);
}
