using Quicprochat.Quic;

namespace Quicprochat.Simulation.Network;

/// <summary>A UDP datagram under way. Links may change it.</summary>
internal sealed class SimDatagram
{
    /// <summary>Counted from 1 over the whole network, in the order of sending.</summary>
    public required long Id { get; init; }

    public required Address Source { get; set; }

    public required Address Destination { get; set; }

    public required Ecn Ecn { get; set; }

    /// <summary>The UDP payload.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>What it holds, where an observer has the keys: prints in the trace.</summary>
    public object? Content { get; set; }

    public int Length => Payload.Length;

    /// <summary>The same datagram in bytes of its own: a receiver decrypts in place.</summary>
    public SimDatagram Copy() => new()
    {
        Id = Id,
        Source = Source,
        Destination = Destination,
        Ecn = Ecn,
        Payload = Payload.AsSpan().ToArray(),
        Content = Content,
    };
}
