using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz;

/// <summary>Datagrams and frames of real connections, recorded once: with and without Retry, with a long chain, with streams, datagrams and a close.</summary>
internal sealed class RecordedHandshake
{
    private const int MaxDatagrams = 60;

    private readonly List<byte[]> _datagrams = [];

    private RecordedHandshake()
    {
        Record(new Scenario { Serving = () => new EchoServer() });
        Record(new Scenario { Serving = () => new EchoServer(), ServerEndpoint = new EndpointOptions { Retry = RetryPolicy.Always } });
        Record(new Scenario { Serving = () => new EchoServer(), ServerTls = tls => tls with { Credential = SimTls.LongServerCredential, Groups = [TlsGroup.Secp256r1] } });
        _datagrams.AddRange(Others());
    }

    public static RecordedHandshake Instance { get; } = new();

    /// <summary>What went over the wire.</summary>
    public IReadOnlyList<byte[]> Datagrams => _datagrams;

    /// <summary>Payloads of packets: one frame of each kind, and some together.</summary>
    public static IReadOnlyList<byte[]> Payloads { get; } =
    [
        Forge.Ping(),
        Forge.Padding(40),
        Forge.AckOf([0, 1, 2, 5, 9]),
        [0x03, .. Forge.AckOf([3, 1])[1..], 1, 2, 3],
        Forge.ResetStream(0, 7, 100),
        Forge.StopSending(0, 7),
        Forge.Crypto(0, [1, 2, 3, 4]),
        Forge.NewToken([1, 2, 3, 4]),
        Forge.Stream(0, 0, "hello"u8, fin: true),
        [0x08, 0x04, .. "to the end"u8],
        [0x09, 0x02, .. "the end"u8],
        Forge.Numbers(WireFrame.MaxData, 1 << 20),
        Forge.Numbers(WireFrame.MaxStreamData, 0, 1 << 20),
        Forge.Numbers(WireFrame.MaxStreamsBidi, 200),
        Forge.Numbers(WireFrame.MaxStreamsUni, 200),
        Forge.Numbers(WireFrame.DataBlocked, 100),
        Forge.Numbers(WireFrame.StreamDataBlocked, 0, 100),
        Forge.Numbers(WireFrame.StreamsBlockedBidi, 100),
        Forge.Numbers(WireFrame.StreamsBlockedUni, 100),
        Forge.NewConnectionId(1, 0, [1, 2, 3, 4, 5, 6, 7, 8], new byte[16]),
        Forge.Numbers(WireFrame.RetireConnectionId, 1),
        Forge.PathChallenge(0x0102_0304_0506_0708),
        Forge.PathResponse([8, 7, 6, 5, 4, 3, 2, 1]),
        [0x1c, 0x0a, 0x06, 0x03, .. "why"u8],
        [0x1d, 0x07, 0x03, .. "why"u8],
        Forge.HandshakeDone(),
        [0x30, .. "datagram"u8],
        [0x31, 0x04, .. "data"u8],
        [.. Forge.AckOf([0]), .. Forge.Stream(4, 0, "a"u8), .. Forge.Stream(8, 0, "b"u8, fin: true), .. Forge.Numbers(WireFrame.MaxData, 1 << 21), .. Forge.Padding(3)],
    ];

    private void Record(Scenario scenario) => SimPair.Run(1, scenario, pair =>
    {
        int room = MaxDatagrams;
        pair.World.Network.Sent += (_, datagram) =>
        {
            if (room-- > 0)
            {
                _datagrams.Add([.. datagram.Payload]);
            }
        };
        var client = new EchoClient();
        Connection connection = pair.Connect(client);
        Assert.True(pair.World.RunUntil(() => connection.IsConfirmed, 5 * SimClock.Second));
        client.Send(connection, 3_000);
        connection.TrySendDatagram("datagram"u8);
        Assert.True(pair.World.RunUntil(() => client.Finished == 1, 5 * SimClock.Second));
        connection.Close(pair.World.Now, 7, "recorded");
        pair.World.RunFor(SimClock.Second);
    });

    /// <summary>Version Negotiation, a version nobody speaks, a stateless reset.</summary>
    private static IEnumerable<byte[]> Others() =>
    [
        [0xc0, 0, 0, 0, 0, 2, 1, 2, 2, 3, 4, 0, 0, 0, 1, 0x1a, 0x2a, 0x3a, 0x4a],
        [0xc3, 0x1a, 0x2a, 0x3a, 0x4a, 8, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1, .. new byte[1_177]],
        [0x41, .. new byte[40]],
    ];
}
