namespace Quicprochat.Quic.Frames;

/// <summary>Packets received so far with each ECN mark in one packet number space (RFC 9000 §19.3.2): <code>ECT0 Count (i), ECT1 Count (i), ECN-CE Count (i)</code></summary>
internal readonly record struct EcnCounts(long Ect0, long Ect1, long Ce);
