using Quicprochat.Quic;

namespace Quicprochat.Simulation.Operations;

/// <summary>One connection as both of its applications see it together.</summary>
internal sealed class ConnectionModel
{
    private readonly Dictionary<(StreamId, Side Sender), StreamHalf> _halves = [];
    private readonly Queue<byte[]>[] _datagrams = [new(), new()];

    public FuzzEnd? Client { get; set; }

    public FuzzEnd? Server { get; set; }

    public bool IsComplete => Client is not null && Server is not null;

    public IEnumerable<KeyValuePair<(StreamId Stream, Side Sender), StreamHalf>> Halves => _halves;

    /// <summary>The direction of <paramref name="stream"/> in which <paramref name="sender"/> sends.</summary>
    public StreamHalf Half(StreamId stream, Side sender)
    {
        Assert.True(stream.Type == StreamType.Bidirectional || stream.Initiator == sender, $"Stream {stream} has no such direction.");
        if (!_halves.TryGetValue((stream, sender), out StreamHalf? half))
        {
            _halves.Add((stream, sender), half = new StreamHalf());
        }
        return half;
    }

    /// <summary>Datagrams sent by <paramref name="sender"/> that have not arrived (and perhaps never will).</summary>
    public Queue<byte[]> Datagrams(Side sender) => _datagrams[(int)sender];

    /// <summary>Which <see cref="Hosts.Pattern"/> a sender writes on a stream.</summary>
    public static long Text(StreamId stream, Side sender) => (stream.Value * 2) + (int)sender;
}
