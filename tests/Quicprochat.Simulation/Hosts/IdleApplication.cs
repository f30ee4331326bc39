using Quicprochat.Quic;

namespace Quicprochat.Simulation.Hosts;

/// <summary>An application that does nothing about anything: it reads nothing, answers nothing, releases nothing.</summary>
internal sealed class IdleApplication : ISimApplication
{
    public void Handle(SimHost host, Connection connection, in ConnectionEvent connectionEvent)
    {
    }
}
