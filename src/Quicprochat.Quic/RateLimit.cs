namespace Quicprochat.Quic;

/// <summary>Lets so many things a second happen, and no more.</summary>
internal sealed class RateLimit(int perSecond)
{
    private long _second;
    private int _taken;

    /// <summary>True while this second's allowance lasts.</summary>
    public bool TryTake(long now)
    {
        long second = now / 1_000_000;
        if (second != _second)
        {
            _second = second;
            _taken = 0;
        }
        return ++_taken <= perSecond;
    }
}
