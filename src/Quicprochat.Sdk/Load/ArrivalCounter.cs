namespace Quicprochat.Sdk.Load;

/// <summary>How many payloads arrived.</summary>
internal sealed class ArrivalCounter
{
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Count(ReadOnlySpan<byte> payload) => Interlocked.Increment(ref _total);
}
