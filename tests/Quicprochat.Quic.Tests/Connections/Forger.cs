using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>
/// A client that was honest until the handshake was confirmed. From then on its packets are written by hand, under its own keys, and go
/// straight into the server's endpoint from any address; what the server sends is taken out here and reaches nobody.
/// </summary>
internal sealed class Forger : IKeyLog, IDisposable
{
    // Far above what the honest client has sent, so that no number was used before.
    private const long FirstNumber = 1 << 20;

    private byte[] _secret = [];
    private readonly ProtectionKeys? _keys;
    private long _next = FirstNumber;

    public Forger()
    {
        ClientConnectionOptions options = Pair.ClientOptions with
        {
            Tls = Pair.ClientOptions.Tls with { CipherSuites = [TlsCipherSuite.Aes128GcmSha256], KeyLog = this },
        };
        Pair.Filter = (toServer, bytes) =>
        {
            if (toServer && (bytes[0] & 0x80) == 0)
            {
                ServerId = ConnectionId.From(bytes.AsSpan(1, 8));
            }
            return bytes;
        };
        Connection client = Pair.Connect(options);
        Pair.Run(() => client.IsConfirmed);
        Pair.Run(horizon: 500_000);
        Assert.True(Server.IsConfirmed);
        _keys = KeySchedule.Derive(CryptoProvider.Default, TlsCipherSuite.Aes128GcmSha256, _secret);
    }

    public Pair Pair { get; } = new();

    /// <summary>The connection under test.</summary>
    public Connection Server => Pair.Accepted!;

    /// <summary>The server's id that packets go to.</summary>
    public ConnectionId ServerId { get; private set; }

    public static Address Elsewhere { get; } = Address.From(new IPEndPoint(IPAddress.Parse("192.0.2.99"), 999));

    /// <summary>A 1-RTT packet of the frames.</summary>
    public byte[] Packet(params byte[][] frames)
    {
        byte[] payload = [.. frames.SelectMany(frame => frame)];
        byte[] buffer = new byte[1 + 8 + 4 + payload.Length + PacketProtection.TagSize];
        var writer = new Writer(buffer);
        PacketLayout layout = new ShortHeader { Destination = ServerId }.Write(ref writer, _next++, 4);
        writer.WriteBytes(payload);
        PacketProtection.Seal(buffer, layout, writer.Position, _keys!.Packet, _keys.Header);
        return buffer;
    }

    /// <summary>Sends a packet of the frames from the client's own address.</summary>
    public void Send(params byte[][] frames) => Deliver(Pair.ClientAddress, Packet(frames));

    /// <summary>A datagram arrives at the server.</summary>
    public void Deliver(in Address from, byte[] datagram, Address? to = null) =>
        Pair.Server.HandleDatagram(Pair.Now, new NetworkPath(to ?? Pair.ServerAddress, from), Ecn.NotEct, datagram);

    /// <summary>What the server sends now: where to, and how many bytes.</summary>
    public List<(NetworkPath Path, int Length)> Take()
    {
        List<(NetworkPath, int)> taken = [];
        byte[] buffer = new byte[65_536];
        while (Pair.Server.TryTakeTransmit(Pair.Now, buffer, out Transmit transmit))
        {
            taken.Add((transmit.Path, transmit.Length));
        }
        return taken;
    }

    /// <summary>The server has ended the connection for this, and not by a fault of its own.</summary>
    public void ExpectClose(TransportErrorCode code)
    {
        Assert.Equal((long)code, Server.CloseReason?.Code);
        Assert.Equal(CloseKind.LocalTransport, Server.CloseReason!.Kind);
        Assert.NotEmpty(Take()); // CONNECTION_CLOSE
        Assert.Null(Server.Fault);
    }

    public void Write(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret)
    {
        if (label == "CLIENT_TRAFFIC_SECRET_0")
        {
            _secret = secret.ToArray();
        }
    }

    public void Dispose() => _keys?.Dispose();
}
