using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Network;

namespace Quicprochat.Simulation.Wire;

/// <summary>One packet as it was sent.</summary>
internal sealed record WirePacket
{
    public required long Time { get; init; }

    /// <summary>The datagram it came in. A NAT on the way changes its addresses: <see cref="SentFrom"/> and <see cref="SentTo"/> are the sender's.</summary>
    public required SimDatagram Datagram { get; init; }

    public required Address SentFrom { get; init; }

    public required Address SentTo { get; init; }

    /// <summary>Who sent it.</summary>
    public required Side Sender { get; init; }

    public required WirePacketKind Kind { get; init; }

    /// <summary>Whose it is; null of packets that could not be opened.</summary>
    public ObservedConnection? Connection { get; init; }

    public ConnectionId Destination { get; init; }

    public ConnectionId Source { get; init; }

    /// <summary>The token of an Initial or a Retry.</summary>
    public ReadOnlyMemory<byte> Token { get; init; }

    public long PacketNumber { get; init; }

    public bool KeyPhase { get; init; }

    public IReadOnlyList<WireFrame> Frames { get; init; } = [];

    public bool Has(long frameType) => Frames.Any(f => f.Type == frameType);

    public override string ToString() => Kind is WirePacketKind.Retry or WirePacketKind.VersionNegotiation
        ? Kind.ToString()
        : $"{Kind}{(KeyPhase ? "'" : "")}({PacketNumber}) {string.Join("; ", Frames)}";
}
