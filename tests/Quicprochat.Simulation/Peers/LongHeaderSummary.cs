using Quicprochat.Quic.Packets;

namespace Quicprochat.Simulation.Peers;

/// <summary>The ids and the token of a long header.</summary>
internal sealed record LongHeaderSummary(ConnectionId Destination, ConnectionId Source, ReadOnlyMemory<byte> Token);
