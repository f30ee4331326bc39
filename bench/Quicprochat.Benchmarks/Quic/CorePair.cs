using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>
/// A client and a server in memory: what one puts out is handed to the other where it lies, without a copy, and the time is a number that moves on with
/// each flight. What is measured is the state machine, with TLS and packet protection, and nothing of the system. Each side's CPU time is kept apart.
/// </summary>
internal sealed class CorePair : IDisposable
{
    private const long FlightMicros = 25;

    private static readonly TlsCredential _credential = SelfSignedCertificate.Create(
        SignatureAlgorithm.EcdsaP256Sha256, ["localhost"], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200), SystemRandomSource.Instance);

    private readonly NetworkPath _seenByClient = new(Address.From(new IPEndPoint(IPAddress.Loopback, 4433)), Address.From(new IPEndPoint(IPAddress.Loopback, 443)));
    private readonly NetworkPath _seenByServer = new(Address.From(new IPEndPoint(IPAddress.Loopback, 443)), Address.From(new IPEndPoint(IPAddress.Loopback, 4433)));
    private readonly byte[] _buffer = new byte[64_000];
    private readonly ServerConnectionOptions _accept = new()
    {
        Tls = new TlsServerOptions { Credential = _credential, ApplicationProtocols = ["bench"] },
        Transport = new TransportOptions { MaxInboundBidirectionalStreams = 1024 },
    };

    public Endpoint Client { get; } = new(new EndpointOptions { MaxSegments = 40 });

    public Endpoint Server { get; } = new(new EndpointOptions { MaxSegments = 40, AcceptsConnections = true });

    public long Now { get; private set; } = 1_000_000;

    /// <summary>CPU nanoseconds spent in the client.</summary>
    public long ClientNanoseconds { get; private set; }

    /// <summary>CPU nanoseconds spent in the server.</summary>
    public long ServerNanoseconds { get; private set; }

    /// <summary>What streams have to say, to whoever measures.</summary>
    public Action<Connection, ConnectionEvent> OnEvent { get; set; } = static (_, _) => { };

    /// <summary>The server's end of the newest connection.</summary>
    public Connection? Accepted { get; private set; }

    public Connection Connect(TlsGroup group) => Client.Connect(Now, OptionsOf(group), new NetworkPath(default, _seenByClient.Remote));

    /// <summary>A whole handshake, confirmed at both ends.</summary>
    public Connection Establish(TlsGroup group)
    {
        long start = ThreadClock.Nanoseconds;
        Connection connection = Connect(group);
        ClientNanoseconds += ThreadClock.Nanoseconds - start;
        while (Exchange() || !connection.IsConfirmed)
        {
            if (connection.CloseReason is { } reason)
            {
                throw new InvalidOperationException($"The handshake failed: {reason}");
            }
        }
        return connection;
    }

    /// <summary>
    /// At most one batch of the client's to the server, and all of the server's to the client. When neither has anything, the time moves on to the next timer.
    /// False when it did.
    /// </summary>
    public bool Exchange()
    {
        long start = ThreadClock.Nanoseconds;
        bool sent = Client.TryTakeTransmit(Now, _buffer, out Transmit transmit);
        long middle = ThreadClock.Nanoseconds;
        ClientNanoseconds += middle - start;

        Now += FlightMicros;
        bool answered = false;
        if (sent)
        {
            Deliver(Server, _seenByServer, in transmit);
        }
        TakeEvents(Server);
        while (Server.TryTakeTransmit(Now, _buffer, out transmit))
        {
            answered = true;
            long taken = ThreadClock.Nanoseconds;
            ServerNanoseconds += taken - middle;
            Deliver(Client, _seenByClient, in transmit);
            middle = ThreadClock.Nanoseconds;
            ClientNanoseconds += middle - taken;
        }
        long end = ThreadClock.Nanoseconds;
        ServerNanoseconds += end - middle;

        Now += FlightMicros;
        TakeEvents(Client);
        bool any = sent || answered;
        Wait(any);
        ClientNanoseconds += ThreadClock.Nanoseconds - end;
        return any;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private static ClientConnectionOptions OptionsOf(TlsGroup group) => new()
    {
        Tls = new TlsClientOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = ["bench"],
            Groups = [group],
            CertificateValidator = new PinnedCertificateValidator(PinnedCertificateValidator.Pin(_credential.CertificateChain[0].Span)),
        },
    };

    private void Wait(bool any)
    {
        long next = Math.Min(Client.NextTimeout, Server.NextTimeout);
        if (!any && next != long.MaxValue)
        {
            Now = Math.Max(Now, next);
        }
        Client.HandleTimeout(Now);
        Server.HandleTimeout(Now);
    }

    private void Deliver(Endpoint to, in NetworkPath path, in Transmit transmit)
    {
        Span<byte> rest = _buffer.AsSpan(0, transmit.Length);
        while (!rest.IsEmpty)
        {
            Span<byte> datagram = rest[..Math.Min(transmit.SegmentSize, rest.Length)];
            rest = rest[datagram.Length..];
            to.HandleDatagram(Now, in path, transmit.Ecn, datagram);
        }
    }

    private void TakeEvents(Endpoint endpoint)
    {
        while (endpoint.TryTakeReady(out Connection? connection))
        {
            while (connection.TryTakeEvent(out ConnectionEvent happened))
            {
                if (happened.Kind == ConnectionEventKind.HelloReceived)
                {
                    Accepted = connection;
                    connection.Accept(Now, _accept);
                }
                OnEvent(connection, happened);
            }
        }
    }
}
