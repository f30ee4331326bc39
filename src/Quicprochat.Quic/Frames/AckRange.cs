namespace Quicprochat.Quic.Frames;

/// <summary>Packet numbers from <paramref name="Smallest"/> to <paramref name="Largest"/>, both included.</summary>
internal readonly record struct AckRange(long Smallest, long Largest)
{
    /// <summary>How many numbers these are.</summary>
    public long Count => Largest - Smallest + 1;

    /// <summary>True when <paramref name="packetNumber"/> is one of them.</summary>
    public bool Contains(long packetNumber) => Smallest <= packetNumber && packetNumber <= Largest;
}
