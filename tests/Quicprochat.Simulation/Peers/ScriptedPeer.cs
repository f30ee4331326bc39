using Quicprochat.Crypto;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Peers;

/// <summary>
/// A peer that does a real handshake with real keys and otherwise only what a test tells it: any frame in any packet at any time.
/// It has no timers, no loss recovery and no flow control.
/// </summary>
internal sealed class ScriptedPeer : ISimStation, IDisposable
{
    private const int MinInitialDatagram = 1_200;
    private const int MaxDatagram = 1_200;

    /// <summary>Room that header, tag and CRYPTO fields take of a datagram.</summary>
    private const int Overhead = 100;

    private static readonly CryptoProvider _provider = CryptoProvider.Native;

    private readonly SimWorld _world;
    private readonly Side _side;
    private readonly ScriptedPeerOptions _options;
    private readonly SeededRandom _random;
    private readonly ScriptedSpace[] _spaces = [new(), new(), new()];
    private readonly List<WirePacket> _received = [];
    private TlsSession? _tls;
    private byte[] _clientHello = [];

    public ScriptedPeer(SimWorld world, Side side, Address address, Address remote, ScriptedPeerOptions? options = null)
    {
        _world = world;
        _side = side;
        Address = address;
        Remote = remote;
        _options = options ?? new ScriptedPeerOptions();
        _random = world.Random.Fork("scripted " + address);
        Id = ConnectionId.Draw(_random, _options.ConnectionIdLength);
        world.Network.Attach(this);
    }

    public string Name => "scripted";

    public Address Address { get; private set; }

    /// <summary>Whom it talks to.</summary>
    public Address Remote { get; set; }

    /// <summary>Its own id.</summary>
    public ConnectionId Id { get; private set; }

    /// <summary>The peer's id, as it stands in the packets sent.</summary>
    public ConnectionId PeerId { get; set; }

    /// <summary>The destination of the client's first Initial.</summary>
    public ConnectionId OriginalDestination { get; private set; }

    /// <summary>The source of the Retry taken, or sent.</summary>
    public ConnectionId? RetrySource { get; set; }

    public ReadOnlyMemory<byte> Token { get; set; }

    public bool IsComplete => _tls is { IsComplete: true };

    public SeededRandom Random => _random;

    /// <summary>Every packet that could be opened.</summary>
    public IReadOnlyList<WirePacket> Received => _received;

    public IEnumerable<WireFrame> ReceivedFrames => _received.SelectMany(p => p.Frames);

    /// <summary>Datagrams received, with and without sense.</summary>
    public List<byte[]> Datagrams { get; } = [];

    /// <summary>The first CONNECTION_CLOSE received.</summary>
    public WireFrame? Close => ReceivedFrames.FirstOrDefault(f => f.IsClose);

    /// <summary>What its own TLS had to say against the peer.</summary>
    public TransportError? TlsError { get; private set; }

    /// <summary>Secrets of the 1-RTT level, for tests that update keys: what it sends with.</summary>
    public TrafficSecrets? Secrets { get; private set; }

    public ScriptedSpace Space(EncryptionLevel level) => _spaces[(int)level];

    /// <summary>Client: sends the ClientHello.</summary>
    public void Start()
    {
        OriginalDestination = ConnectionId.Draw(_random, 8);
        PeerId = OriginalDestination;
        DeriveInitialKeys(OriginalDestination);
        _tls = TlsSession.CreateClient(_options.ClientTls(SimTls.Client()), _random, _options.RewriteParameters(Parameters()));
        Assert.Null(_tls.Start());
        Flush();
    }

    public void Receive(SimDatagram datagram)
    {
        Datagrams.Add(datagram.Payload.AsSpan().ToArray());
        var eliciting = new bool[3];
        Memory<byte> rest = datagram.Payload;
        while (!rest.IsEmpty)
        {
            if (!TryReceivePacket(datagram, rest.Span, out int size, out EncryptionLevel level, out bool elicits))
            {
                break;
            }
            eliciting[(int)level] |= elicits;
            rest = rest[size..];
        }
        for (int i = 0; i < eliciting.Length; i++)
        {
            if (eliciting[i] && _options.Acknowledges && _spaces[i].Send is not null)
            {
                Send((EncryptionLevel)i, Forge.AckOf(_spaces[i].Received));
            }
        }
    }

    /// <summary>Sends one packet in one datagram; a client's Initial is padded to 1,200 bytes.</summary>
    public void Send(EncryptionLevel level, params ReadOnlySpan<byte[]> frames) => SendForged(level, new PacketForgery(), frames);

    /// <summary>Sends 1-RTT frames in one packet.</summary>
    public void Send(params ReadOnlySpan<byte[]> frames) => Send(EncryptionLevel.Application, frames);

    public void SendForged(EncryptionLevel level, PacketForgery forgery, params ReadOnlySpan<byte[]> frames) =>
        SendDatagram(BuildPacket(level, forgery, frames));

    /// <summary>Sends packets, or any bytes, in one datagram.</summary>
    public void SendDatagram(params ReadOnlySpan<byte[]> packets)
    {
        var bytes = new List<byte>();
        foreach (byte[] packet in packets)
        {
            bytes.AddRange(packet);
        }
        _world.Network.Send(this, new NetworkPath(Address, Remote), Ecn.NotEct, bytes.ToArray());
    }

    /// <summary>A packet ready to be sent. An Initial carries enough PADDING for a datagram of 1,200 bytes of its own.</summary>
    public byte[] BuildPacket(EncryptionLevel level, PacketForgery forgery, params ReadOnlySpan<byte[]> frames)
    {
        ScriptedSpace space = Space(level);
        long packetNumber = forgery.PacketNumber ?? space.NextPacketNumber;
        space.NextPacketNumber = Math.Max(space.NextPacketNumber, packetNumber + 1);
        byte[] buffer = new byte[65_536];
        var writer = new Writer(buffer);
        PacketLayout layout = WriteHeader(ref writer, level, forgery, packetNumber);
        if (forgery.ReservedBits)
        {
            buffer[0] |= (byte)(level == EncryptionLevel.Application ? 0x18 : 0x0c);
        }
        int end = writer.Position;
        foreach (byte[] frame in frames)
        {
            frame.CopyTo(buffer, end);
            end += frame.Length;
        }
        // PADDING is zeros, as the buffer is.
        int least = level == EncryptionLevel.Initial ? MinInitialDatagram - PacketProtection.TagSize : layout.PayloadOffset + layout.MinPayloadLength;
        end = frames.Length == 0 && level != EncryptionLevel.Initial ? Math.Max(end, layout.PayloadOffset) : Math.Max(end, least);
        if (end - layout.PayloadOffset < layout.MinPayloadLength)
        {
            throw new InvalidOperationException("A packet without frames needs a packet number of 4 bytes.");
        }
        ProtectionKeys keys = space.Send ?? throw new InvalidOperationException($"There are no {level} keys yet.");
        return buffer[..PacketProtection.Seal(buffer, layout, end, keys.Packet, keys.Header)];
    }

    /// <summary>Hands <paramref name="bytes"/> to the peer's TLS at a level, as CRYPTO that follows on what was sent.</summary>
    public void SendCrypto(EncryptionLevel level, ReadOnlySpan<byte> bytes)
    {
        ScriptedSpace space = Space(level);
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, MaxDatagram - Overhead);
            Send(level, Forge.Crypto(space.CryptoSent, bytes[..count]));
            space.CryptoSent += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Goes on from another address.</summary>
    public void MoveTo(Address address)
    {
        Address = address;
        _world.Network.Route(address, this);
    }

    /// <summary>Sends with the keys of the next phase from now on; those it receives with change too.</summary>
    public void UpdateKeys()
    {
        TrafficSecrets current = Secrets!.Value;
        Secret write = Next(current.CipherSuite, current.Write);
        Secret read = Next(current.CipherSuite, current.Read);
        Secrets = current with { Write = write, Read = read };
        ScriptedSpace space = Space(EncryptionLevel.Application);
        space.Send = new ProtectionKeys(KeySchedule.DerivePacketKeys(_provider, current.CipherSuite, write.Span), space.Send!.Header);
        space.Receive = new ProtectionKeys(KeySchedule.DerivePacketKeys(_provider, current.CipherSuite, read.Span), space.Receive!.Header);
        KeyPhase = !KeyPhase;
    }

    /// <summary>The key phase bit of 1-RTT packets.</summary>
    public bool KeyPhase { get; set; }

    public void Dispose() => _tls?.Dispose();

    /// <summary>What a well-behaved peer announces (RFC 9000 §18.2).</summary>
    private byte[] Parameters()
    {
        var bytes = new List<byte>();
        Span<byte> id = stackalloc byte[ConnectionId.MaxLength];
        bytes.AddRange(Forge.Parameter(0x01, 30_000));
        foreach (long limit in new long[] { 0x04, 0x05, 0x06, 0x07 })
        {
            bytes.AddRange(Forge.Parameter(limit, 1 << 20));
        }
        bytes.AddRange(Forge.Parameter(0x08, 100));
        bytes.AddRange(Forge.Parameter(0x09, 100));
        bytes.AddRange(Forge.Parameter(0x0e, 4));
        Id.CopyTo(id);
        bytes.AddRange(Forge.Parameter(0x0f, id[..Id.Length]));
        bytes.AddRange(Forge.Parameter(0x20, 65_535));
        if (_side == Side.Server)
        {
            OriginalDestination.CopyTo(id);
            bytes.AddRange(Forge.Parameter(0x00, id[..OriginalDestination.Length]));
            if (RetrySource is { } retry)
            {
                retry.CopyTo(id);
                bytes.AddRange(Forge.Parameter(0x10, id[..retry.Length]));
            }
        }
        return [.. bytes];
    }

    private static Secret Next(TlsCipherSuite suite, Secret secret)
    {
        Span<byte> next = stackalloc byte[KeySchedule.SecretSizeOf(suite)];
        KeySchedule.DeriveNextSecret(_provider, suite, secret.Span, next);
        return Secret.Copy(next);
    }

    private PacketLayout WriteHeader(ref Writer writer, EncryptionLevel level, PacketForgery forgery, long packetNumber)
    {
        ConnectionId destination = forgery.Destination ?? PeerId;
        if (level == EncryptionLevel.Application)
        {
            return new ShortHeader { Destination = destination, KeyPhase = KeyPhase }.Write(ref writer, packetNumber, forgery.PacketNumberLength);
        }
        var header = new LongHeader
        {
            Type = level == EncryptionLevel.Initial ? LongPacketType.Initial : LongPacketType.Handshake,
            Destination = destination,
            Source = Id,
            Token = level == EncryptionLevel.Initial ? (forgery.Token ?? Token).Span : default,
        };
        return header.Write(ref writer, packetNumber, forgery.PacketNumberLength);
    }

    private void DeriveInitialKeys(ConnectionId destination)
    {
        KeySchedule.DeriveInitial(_provider, destination, _side, out ProtectionKeys send, out ProtectionKeys receive);
        Space(EncryptionLevel.Initial).Send = send;
        Space(EncryptionLevel.Initial).Receive = receive;
    }

    private bool TryReceivePacket(SimDatagram datagram, Span<byte> rest, out int size, out EncryptionLevel level, out bool elicits)
    {
        size = rest.Length;
        level = EncryptionLevel.Application;
        elicits = false;
        int packetNumberOffset = 1 + Id.Length;
        if (InvariantHeader.IsLong(rest[0]))
        {
            if (!LongHeader.TryRead(rest, out LongHeader header))
            {
                return false;
            }
            size = header.PacketSize;
            packetNumberOffset = header.PacketNumberOffset;
            level = header.Type == LongPacketType.Initial ? EncryptionLevel.Initial : EncryptionLevel.Handshake;
            if (!OnLongHeader(header, rest[..size]))
            {
                return false;
            }
        }
        if (!TryOpen(rest[..size], level, packetNumberOffset, out long packetNumber, out byte[] payload))
        {
            return true;
        }
        List<WireFrame> frames = WireReader.ReadFrames(payload);
        _received.Add(new WirePacket
        {
            Time = _world.Now,
            Datagram = datagram,
            SentFrom = datagram.Source,
            SentTo = datagram.Destination,
            Sender = _side == Side.Client ? Side.Server : Side.Client,
            Kind = level switch { EncryptionLevel.Initial => WirePacketKind.Initial, EncryptionLevel.Handshake => WirePacketKind.Handshake, _ => WirePacketKind.OneRtt },
            PacketNumber = packetNumber,
            Frames = frames,
        });
        elicits = Space(level).Received.Add(packetNumber) && frames.Exists(f => f.IsAckEliciting);
        foreach (WireFrame frame in frames.Where(f => f.Type == WireFrame.Crypto))
        {
            OnCrypto(level, frame);
        }
        return true;
    }

    /// <summary>Learns ids, takes a Retry, begins a server's side. False when the packet needs no more reading.</summary>
    private bool OnLongHeader(in LongHeader header, ReadOnlySpan<byte> packet)
    {
        if (header.Type == LongPacketType.Retry)
        {
            OnRetry(header, packet);
            return false;
        }
        if (_side == Side.Server && header.Type == LongPacketType.Initial && _tls is null)
        {
            var summary = new LongHeaderSummary(header.Destination, header.Source, header.Token.ToArray());
            PeerId = header.Source;
            OriginalDestination = RetrySource is null ? header.Destination : OriginalDestination;
            if (_options.FirstInitial(this, summary))
            {
                return false;
            }
            DeriveInitialKeys(header.Destination);
            _tls = TlsSession.CreateServer(_options.ServerTls(SimTls.Server()), _random, _options.RewriteParameters(Parameters()));
        }
        if (_side == Side.Client && Space(EncryptionLevel.Initial).Received.Count == 0)
        {
            PeerId = header.Source;
        }
        return true;
    }

    private void OnRetry(in LongHeader header, ReadOnlySpan<byte> packet)
    {
        Assert.True(RetryIntegrity.IsValid(_provider, packet, OriginalDestination), "The Retry's integrity tag is wrong.");
        if (_options.Token is null || RetrySource is not null)
        {
            return;
        }
        RetrySource = header.Source;
        PeerId = header.Source;
        Token = _options.Token(header.Token.ToArray());
        DeriveInitialKeys(header.Source);
        Space(EncryptionLevel.Initial).CryptoSent = 0;
        SendCrypto(EncryptionLevel.Initial, _clientHello);
    }

    private bool TryOpen(Span<byte> packet, EncryptionLevel level, int packetNumberOffset, out long packetNumber, out byte[] payload)
    {
        packetNumber = 0;
        payload = [];
        if (Space(level).Receive is not { } keys || !PacketProtection.TryUnmaskHeader(packet, packetNumberOffset, keys.Header, out UnmaskedHeader header))
        {
            return false;
        }
        packetNumber = PacketNumber.Decode(header.TruncatedPacketNumber, header.PacketNumberLength, Space(level).LargestReceived);
        if (!PacketProtection.TryOpenPayload(packet, header, packetNumber, keys.Packet, out Span<byte> opened))
        {
            return false;
        }
        payload = opened.ToArray();
        return true;
    }

    private void OnCrypto(EncryptionLevel level, WireFrame frame)
    {
        byte[] ordered = Space(level).Assemble(frame.Value, frame.Data);
        if (!_options.RunsHandshake || _tls is null || ordered.Length == 0)
        {
            return;
        }
        TlsError = _tls.Receive(level, ordered);
        Flush();
    }

    /// <summary>Takes what TLS has: keys, and bytes to send.</summary>
    private void Flush()
    {
        var flight = new List<(EncryptionLevel Level, byte[] Bytes)>();
        while (_tls!.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> bytes))
        {
            if (flight.Count > 0 && flight[^1].Level == level)
            {
                flight[^1] = (level, [.. flight[^1].Bytes, .. bytes.Span]);
            }
            else
            {
                flight.Add((level, bytes.ToArray()));
            }
        }
        while (_tls.TryTakeSecrets(out TrafficSecrets secrets))
        {
            Space(secrets.Level).Send = KeySchedule.Derive(_provider, secrets.CipherSuite, secrets.Write.Span);
            Space(secrets.Level).Receive = KeySchedule.Derive(_provider, secrets.CipherSuite, secrets.Read.Span);
            Secrets = secrets;
        }
        foreach ((EncryptionLevel level, byte[] bytes) in flight)
        {
            byte[] rewritten = _options.Rewrite(this, level, bytes);
            if (_side == Side.Client && level == EncryptionLevel.Initial)
            {
                _clientHello = rewritten;
            }
            SendCrypto(level, rewritten);
        }
    }
}
