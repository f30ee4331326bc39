using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>A client and a server, and datagrams that pass between them in virtual time without loss. The simulation has the rest.</summary>
internal sealed class Pair
{
    private static readonly TlsCredential _credential = SelfSignedCertificate.Create(
        SignatureAlgorithm.Ed25519, ["localhost"], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200), SystemRandomSource.Instance);

    private readonly PriorityQueue<(bool ToServer, byte[] Bytes, NetworkPath Path), (long, long)> _wire = new();
    private long _order;

    public Pair(EndpointOptions? server = null, ServerConnectionOptions? accept = null)
    {
        Server = new Endpoint((server ?? new EndpointOptions()) with { AcceptsConnections = true });
        Client = new Endpoint(new EndpointOptions());
        AcceptOptions = accept ?? new ServerConnectionOptions
        {
            Tls = new TlsServerOptions { Credential = _credential, ApplicationProtocols = ["test"] },
        };
    }

    public Endpoint Client { get; }

    public Endpoint Server { get; }

    public ServerConnectionOptions AcceptOptions { get; }

    public long Now { get; set; } = 1_000_000;

    public long Latency { get; set; } = 10_000;

    public Address ClientAddress { get; set; } = Address.From(new IPEndPoint(IPAddress.Loopback, 4433));

    public Address ServerAddress { get; } = Address.From(new IPEndPoint(IPAddress.Loopback, 443));

    public List<(Connection Connection, ConnectionEvent Event)> Events { get; } = [];

    public Connection? Accepted { get; private set; }

    public Func<bool, byte[], byte[]?> Filter { get; set; } = static (_, bytes) => bytes;

    public static ClientConnectionOptions ClientOptions { get; } = new()
    {
        Tls = new TlsClientOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = ["test"],
            CertificateValidator = new PinnedCertificateValidator(PinnedCertificateValidator.Pin(_credential.CertificateChain[0].Span)),
        },
    };

    public Connection Connect(ClientConnectionOptions? options = null) =>
        Client.Connect(Now, options ?? ClientOptions, new NetworkPath(default, ServerAddress));

    /// <summary>Runs until nothing is on its way and no timer is due within the horizon, or the condition holds.</summary>
    public void Run(Func<bool>? until = null, long horizon = 5_000_000)
    {
        long end = Now + horizon;
        Flush();
        while (until is null || !until())
        {
            long next = Math.Min(Client.NextTimeout, Server.NextTimeout);
            if (_wire.TryPeek(out _, out (long At, long) priority))
            {
                next = Math.Min(next, priority.At);
            }
            if (next > end)
            {
                break;
            }
            Now = Math.Max(Now, next);
            while (_wire.TryPeek(out _, out priority) && priority.At <= Now)
            {
                (bool toServer, byte[] bytes, NetworkPath path) = _wire.Dequeue();
                (toServer ? Server : Client).HandleDatagram(Now, path, Ecn.NotEct, bytes);
            }
            Client.HandleTimeout(Now);
            Server.HandleTimeout(Now);
            Flush();
        }
    }

    public void Flush()
    {
        Take(Client);
        Take(Server);
        Send(Client, toServer: true);
        Send(Server, toServer: false);
    }

    private void Take(Endpoint endpoint)
    {
        while (endpoint.TryTakeReady(out Connection? connection))
        {
            while (connection.TryTakeEvent(out ConnectionEvent happened))
            {
                Events.Add((connection, happened));
                if (happened.Kind == ConnectionEventKind.HelloReceived)
                {
                    Accepted = connection;
                    connection.Accept(Now, AcceptOptions);
                }
            }
        }
    }

    private void Send(Endpoint endpoint, bool toServer)
    {
        byte[] buffer = new byte[65536];
        while (endpoint.TryTakeTransmit(Now, buffer, out Transmit transmit))
        {
            for (int offset = 0; offset < transmit.Length; offset += transmit.SegmentSize)
            {
                byte[] bytes = buffer[offset..Math.Min(transmit.Length, offset + transmit.SegmentSize)];
                NetworkPath path = toServer ? new NetworkPath(ServerAddress, ClientAddress) : new NetworkPath(ClientAddress, ServerAddress);
                if (Filter(toServer, bytes) is { } passed)
                {
                    _wire.Enqueue((toServer, passed, path), (Now + Latency, _order++));
                }
            }
        }
    }
}
