namespace Quicprochat.Quic.Streams;

/// <summary>The time and the smoothed round-trip time, in microseconds: what windows grow by.</summary>
internal readonly record struct StreamClock(long Now, long Rtt);
