using Quicprochat.Quic;

namespace Quicprochat.Simulation.Network;

/// <summary>Something with an address on the network.</summary>
internal interface ISimStation
{
    string Name { get; }

    Address Address { get; }

    /// <summary>A datagram arrives; its bytes are the receiver's.</summary>
    void Receive(SimDatagram datagram);
}
