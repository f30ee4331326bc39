using Quicprochat.Quic.Packets;

namespace Quicprochat.Simulation.Peers;

/// <summary>What is to be wrong, or chosen, in the header of one packet. Everything else is as it should be.</summary>
internal sealed record PacketForgery
{
    /// <summary>Instead of the next one.</summary>
    public long? PacketNumber { get; init; }

    /// <summary>Sets both reserved bits.</summary>
    public bool ReservedBits { get; init; }

    /// <summary>Instead of the peer's.</summary>
    public ConnectionId? Destination { get; init; }

    /// <summary>Bytes of the packet number, 1 to 4.</summary>
    public int PacketNumberLength { get; init; } = 4;

    /// <summary>A client's token in an Initial.</summary>
    public ReadOnlyMemory<byte>? Token { get; init; }
}
