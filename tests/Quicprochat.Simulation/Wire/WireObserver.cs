using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Wire;

/// <summary>
/// Reads everything that is sent, as Wireshark does with a key log: what the interop runner's checks look at. Also gives the trace its frames.
/// </summary>
internal sealed class WireObserver
{
    private readonly SimWorld _world;
    private readonly SimKeyLog _keyLog;
    private readonly bool _expectsForgeries;
    private readonly List<WirePacket> _packets = [];

    /// <summary>Who a destination id leads to: the connection, and the end that receives there.</summary>
    private readonly Dictionary<ConnectionId, (ObservedConnection Connection, Side Receiver)> _routes = [];

    /// <summary>Source ids of Retry packets that no client has used yet.</summary>
    private readonly HashSet<ConnectionId> _retrySources = [];

    /// <param name="expectsForgeries">Packets may hold bytes that are no frames; otherwise that is a failure.</param>
    public WireObserver(SimWorld world, SimKeyLog keyLog, bool expectsForgeries = false)
    {
        _world = world;
        _expectsForgeries = expectsForgeries;
        _keyLog = keyLog;
        world.Network.Sent += (_, datagram) => Observe(datagram);
    }

    /// <summary>Each packet as it is sent.</summary>
    public event Action<WirePacket>? Observed;

    /// <summary>False for runs so long that only <see cref="Observed"/> is of use.</summary>
    public bool KeepsPackets { get; set; } = true;

    /// <summary>All packets in the order in which they were sent. The data of STREAM frames is kept.</summary>
    public IReadOnlyList<WirePacket> Packets => _packets;

    public IEnumerable<WirePacket> From(Side sender) => _packets.Where(p => p.Sender == sender);

    public IEnumerable<WireFrame> FramesFrom(Side sender) => From(sender).SelectMany(p => p.Frames);

    /// <summary>The packets of one datagram; links hand on the same object unless they change its bytes.</summary>
    public IReadOnlyList<WirePacket> PacketsOf(SimDatagram datagram) =>
        datagram.Content as List<WirePacket> ?? [];

    private void Observe(SimDatagram datagram)
    {
        var packets = new PacketList();
        datagram.Content = packets;
        byte[] bytes = datagram.Payload.AsSpan().ToArray();
        for (int offset = 0; offset < bytes.Length;)
        {
            WirePacket packet = Read(datagram, bytes.AsSpan(offset), out int size);
            packets.Add(packet);
            if (KeepsPackets)
            {
                _packets.Add(packet);
            }
            Observed?.Invoke(packet);
            offset += size;
        }
    }

    private WirePacket Read(SimDatagram datagram, Span<byte> rest, out int size)
    {
        size = rest.Length;
        if (!InvariantHeader.IsLong(rest[0]))
        {
            return ReadShort(datagram, rest);
        }
        if (InvariantHeader.TryRead(rest, out InvariantHeader invariant) && invariant.Version == 0)
        {
            return Unopened(datagram, WirePacketKind.VersionNegotiation, Side.Server);
        }
        if (!LongHeader.TryRead(rest, out LongHeader header))
        {
            return Unopened(datagram, WirePacketKind.Unknown, Side.Client);
        }
        size = header.PacketSize;
        return ReadLong(datagram, rest[..size], header);
    }

    private WirePacket Unopened(SimDatagram datagram, WirePacketKind kind, Side sender) =>
        new() { Time = _world.Now, Datagram = datagram, SentFrom = datagram.Source, SentTo = datagram.Destination, Kind = kind, Sender = sender };

    private WirePacket ReadLong(SimDatagram datagram, Span<byte> packet, LongHeader header)
    {
        WirePacketKind kind = header.Type switch
        {
            LongPacketType.Initial => WirePacketKind.Initial,
            LongPacketType.Handshake => WirePacketKind.Handshake,
            LongPacketType.Retry => WirePacketKind.Retry,
            _ => WirePacketKind.ZeroRtt,
        };
        bool known = _routes.TryGetValue(header.Destination, out (ObservedConnection Connection, Side Receiver) route);
        if (!known && kind == WirePacketKind.Initial)
        {
            // A client's first Initial, or its first after a Retry: then its source id is known.
            route.Receiver = Side.Server;
            route.Connection = _routes.TryGetValue(header.Source, out (ObservedConnection Connection, Side) existing)
                ? existing.Connection
                : new ObservedConnection(_keyLog, header.Destination);
            _routes[header.Destination] = route;
        }
        var observed = new WirePacket
        {
            Time = _world.Now,
            Datagram = datagram,
            SentFrom = datagram.Source,
            SentTo = datagram.Destination,
            Sender = route.Receiver == Side.Server ? Side.Client : Side.Server,
            Kind = kind,
            Destination = header.Destination,
            Source = header.Source,
            Token = header.Token.ToArray(),
        };
        if (route.Connection is null)
        {
            return observed with { Kind = WirePacketKind.Unknown };
        }
        if (kind == WirePacketKind.Retry)
        {
            _routes[header.Source] = (route.Connection, Side.Server);
            _retrySources.Add(header.Source);
            return observed;
        }
        if (_retrySources.Remove(header.Destination))
        {
            // The client took it.
            route.Connection.OnInitialDestination(header.Destination);
        }
        _routes[header.Source] = (route.Connection, observed.Sender);
        return Open(observed, route.Connection, packet, header.PacketNumberOffset);
    }

    private WirePacket ReadShort(SimDatagram datagram, Span<byte> packet)
    {
        for (int length = 1; length <= Math.Min(ConnectionId.MaxLength, packet.Length - 1); length++)
        {
            if (_routes.TryGetValue(ConnectionId.From(packet.Slice(1, length)), out (ObservedConnection Connection, Side Receiver) route))
            {
                Side sender = route.Receiver == Side.Server ? Side.Client : Side.Server;
                var observed = new WirePacket
                {
                    Time = _world.Now,
                    Datagram = datagram,
                    SentFrom = datagram.Source,
                    SentTo = datagram.Destination,
                    Sender = sender,
                    Kind = WirePacketKind.OneRtt,
                    Destination = ConnectionId.From(packet.Slice(1, length)),
                };
                return Open(observed, route.Connection, packet, 1 + length);
            }
        }
        return Unopened(datagram, WirePacketKind.Unknown, Side.Server);
    }

    private WirePacket Open(WirePacket observed, ObservedConnection connection, Span<byte> packet, int packetNumberOffset)
    {
        if (!connection.TryOpen(observed.Sender, observed.Kind, packet, packetNumberOffset, out long packetNumber, out bool keyPhase, out byte[] payload))
        {
            return observed with { Kind = WirePacketKind.Unknown };
        }
        List<WireFrame> frames = _expectsForgeries ? WireReader.ReadForgedFrames(payload) : WireReader.ReadFrames(payload);
        connection.OnFrames(observed.Sender, observed.Kind, frames);
        foreach (WireFrame frame in frames.Where(f => f.Type == WireFrame.NewConnectionId && f.Data.Length is > 0 and <= ConnectionId.MaxLength))
        {
            _routes[ConnectionId.From(frame.Data.Span)] = (connection, observed.Sender);
        }
        return observed with { Connection = connection, PacketNumber = packetNumber, KeyPhase = keyPhase, Frames = frames };
    }

    private sealed class PacketList : List<WirePacket>
    {
        public override string ToString() => string.Join(" | ", this);
    }
}
