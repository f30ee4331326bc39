namespace Quicprochat.Quic;

/// <summary>
/// Datagrams to send, lying one behind the other in the caller's buffer: each <see cref="SegmentSize"/> bytes long, the last one perhaps shorter.
/// </summary>
/// <param name="Path">Where to send them; <see cref="NetworkPath.Local"/> is the source address where the host can choose it.</param>
/// <param name="Length">Bytes in all.</param>
/// <param name="SegmentSize">Bytes of each datagram.</param>
/// <param name="Ecn">The ECN mark to send them with.</param>
public readonly record struct Transmit(NetworkPath Path, int Length, int SegmentSize, Ecn Ecn);
