using System.Net;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Operations;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>
/// Whole datagrams to endpoints: a server with a live connection and another whose handshake hangs, the client of the first, and the client of the second.
/// Two bits of the first byte say to whom, one whether from a stranger. The sender has no keys, so no input may end the live connection.
/// </summary>
internal sealed class DatagramsTarget : IFuzzTarget
{
    private const int RunsInOneWorld = 2_000;
    private const int RunsBetweenEchoes = 200;
    private const int FromStranger = 4;

    private static readonly Address _stranger = Address.From(IPAddress.Parse("203.0.113.9"), 9);

    private LiveWorld _live;
    private SimHost _hanging;
    private int _runs;

    public DatagramsTarget()
    {
        var corpus = new List<byte[]>();
        void Keep(ISimStation station, SimDatagram datagram)
        {
            // To whoever it was sent, and to the wrong ones.
            for (byte target = 0; target < 3; target++)
            {
                corpus.Add([target, .. datagram.Payload]);
            }
        }

        // Only what both worlds have sent: a packet of another future would be authentic and yet a lie.
        Build(Keep);
        Corpus = [.. corpus, .. RecordedHandshake.Instance.Datagrams.Select(d => (byte[])[FromStranger, .. d])];
        (_live, _hanging) = Build();
    }

    public string Name => "datagrams";

    public IReadOnlyList<byte[]> Corpus { get; }

    public byte[] Generate(SeededRandom random)
    {
        byte[] input = [.. Corpus[random.Next(Corpus.Count)]];
        if (random.Chance(0.1))
        {
            input[0] = (byte)random.Next(8);
        }
        return [input[0], .. random.Chance(0.05) ? input[1..] : Mutation.Of(input[1..], random)];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }
        if (++_runs % RunsInOneWorld == 0 || _hanging.Connections[0].CloseReason is not null)
        {
            (_live, _hanging) = Build();
        }
        (SimHost target, Address from) = (input[0] & 3) switch
        {
            0 => (_live.Server, _live.Client.Address),
            1 => (_live.Client, _live.Server.Address),
            2 => (_hanging, _live.Server.Address),
            _ => (_live.Server, _hanging.Address),
        };
        from = (input[0] & FromStranger) != 0 ? _stranger : from;
        target.Endpoint.HandleDatagram(_live.World.Now, new NetworkPath(target.Address, from), (Ecn)(input[0] >> 6), input[1..].ToArray());
        _live.World.RunFor(2 * SimClock.Millisecond);
        _live.CheckOpen();
        // Whoever made the first flight's answer can be told anything but a lie about TLS; a version it does not speak ends the attempt.
        Assert.True(_hanging.Connections[0].CloseReason is null or { Kind: CloseKind.VersionNegotiation or CloseKind.HandshakeTimeout }, $"The handshake was ended by {_hanging.Connections[0].CloseReason}.");
        if (_runs % RunsBetweenEchoes == 0)
        {
            _live.CheckEcho();
        }
    }

    /// <summary>The same seed always: connection ids and keys are those of the corpus.</summary>
    private static (LiveWorld Live, SimHost Hanging) Build(Action<ISimStation, SimDatagram>? sent = null)
    {
        var live = new LiveWorld(seed: 5, sent);
        SimHost hanging = live.World.AddHost("hanging", Address.From(IPAddress.Parse("192.0.2.2"), 2_002));
        live.World.Network.Downlink(hanging, new LossLink(1));
        hanging.Connect(live.Server.Address, new ClientConnectionOptions { Tls = SimTls.Client(live.KeyLog) }, new IdleApplication());
        live.World.RunFor(100 * SimClock.Millisecond);
        return (live, hanging);
    }
}
