using Quicprochat.Quic;

namespace Quicprochat.Transport.Sockets;

/// <summary>What one receive gave: datagrams of one sender, one behind the other where the system joined them (UDP_GRO).</summary>
/// <param name="Offset">Where they begin in the batch's buffer.</param>
/// <param name="Length">Bytes in all; 0 for one empty datagram.</param>
/// <param name="SegmentSize">Bytes of each datagram, the last one perhaps shorter; never 0 unless <paramref name="Length"/> is 0.</param>
/// <param name="Path">Between which addresses; the local one is default where the system does not tell.</param>
/// <param name="Ecn">The ECN mark they came with.</param>
internal readonly record struct ReceivedMessage(int Offset, int Length, int SegmentSize, NetworkPath Path, Ecn Ecn);
