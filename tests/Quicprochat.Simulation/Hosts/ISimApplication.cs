using Quicprochat.Quic;

namespace Quicprochat.Simulation.Hosts;

/// <summary>What runs over one connection of a simulated host: it is told of each event and calls the connection back.</summary>
internal interface ISimApplication
{
    void Handle(SimHost host, Connection connection, in ConnectionEvent connectionEvent);
}
