using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>
/// Payloads to our client under the right keys: the first byte says at which level (0 Initial, 1 Handshake, both before the server's own; 3 as a Retry's token, 4 as what follows the ids of
/// Version Negotiation; else 1-RTT), the rest is the payload. Another connection of the same endpoint may not feel it.
/// </summary>
internal sealed class ClientTarget : IFuzzTarget
{
    private const int RunsInOneWorld = 1_000;
    private const int RunsBetweenEchoes = 100;
    private const int RunsOfOnePeer = 50;
    private const int MaxPayload = 1_400;
    private const int MaxToken = 1_000;
    private const byte AsRetry = 3;
    private const byte AsVersions = 4;

    private LiveWorld _live = new(seed: 7);
    private ScriptedPeer? _peer;
    private Connection? _connection;
    private (byte Stage, byte[] Payload) _early;
    private int _peerRuns;
    private int _runs;
    private ushort _port;

    public string Name => "client";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. PayloadInputs.Of(RecordedHandshake.Payloads),
        [AsRetry, 1, 2, 3, 4],
        [AsVersions, 0x1a, 0x2a, 0x3a, 0x4a],
        [AsVersions, 0, 0, 0, 1, 0x1a, 0x2a, 0x3a, 0x4a],
    ];

    public byte[] Generate(SeededRandom random)
    {
        if (!random.Chance(0.05))
        {
            return PayloadInputs.Generate(random);
        }
        byte[] bytes = new byte[random.Next(80)];
        random.Fill(bytes);
        return [random.Chance(0.5) ? AsRetry : AsVersions, .. bytes];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }
        byte[] payload = input[1..Math.Min(input.Length, MaxPayload)].ToArray();
        if (++_runs % RunsInOneWorld == 0)
        {
            Forget();
            _live = new LiveWorld(seed: 7);
        }
        if (input[0] is 0 or 1 or AsRetry or AsVersions)
        {
            RunEarly(input[0], payload);
        }
        else
        {
            RunEstablished(payload);
        }
        _live.CheckOpen();
        if (_runs % RunsBetweenEchoes == 0)
        {
            _live.CheckEcho();
        }
    }

    public void Dispose() => Forget();

    private void RunEarly(byte stage, byte[] payload)
    {
        Forget();
        _early = (stage, payload);
        Dial();
        _live.World.RunFor(5 * SimClock.Millisecond);
        _early = default;
        if (_connection!.CloseReason is not { Kind: CloseKind.VersionNegotiation })
        {
            Verdict.Check(_connection.CloseReason);
        }
        Forget();
    }

    private void RunEstablished(byte[] payload)
    {
        if (_peer is null || _peerRuns++ == RunsOfOnePeer)
        {
            Forget();
            Dial();
            Assert.True(_live.World.RunUntil(() => _peer!.IsComplete, SimClock.Second), "No handshake.");
        }
        _peer!.Send(payload);
        _live.World.RunFor(2 * SimClock.Millisecond);
        if (_connection!.CloseReason is { } reason)
        {
            Verdict.Check(reason);
            Forget();
        }
    }

    private void Dial()
    {
        Address address = Address.From(IPAddress.Parse("203.0.113.8"), ++_port);
        _peer = new ScriptedPeer(_live.World, Side.Server, address, _live.Client.Address, new ScriptedPeerOptions { FirstInitial = OnFirstInitial, Rewrite = OnFlight });
        _connection = _live.Client.Connect(address, new ClientConnectionOptions { Tls = SimTls.Client() with { Groups = [TlsGroup.X25519] } }, new EchoServer());
    }

    private byte[] OnFlight(ScriptedPeer peer, EncryptionLevel level, byte[] bytes)
    {
        if (_early.Payload is { Length: > 0 } payload && _early.Stage == (byte)level)
        {
            peer.Send(level, payload);
        }
        return bytes;
    }

    private bool OnFirstInitial(ScriptedPeer peer, LongHeaderSummary initial)
    {
        if (_early.Payload is not { Length: > 0 } payload || !initial.Token.IsEmpty)
        {
            return false;
        }
        if (_early.Stage == AsRetry)
        {
            byte[] buffer = new byte[1_200];
            var writer = new Writer(buffer);
            var retry = new LongHeader
            {
                Type = LongPacketType.Retry,
                Destination = initial.Source,
                Source = ConnectionId.From(payload.AsSpan(0, Math.Min(payload.Length, 8))),
                Token = payload.AsMemory(0, Math.Min(payload.Length, MaxToken)).Span,
            };
            RetryIntegrity.Write(CryptoProvider.Default, retry, initial.Destination, 0, ref writer);
            peer.SendDatagram(writer.Written.ToArray());
            return true;
        }
        if (_early.Stage == AsVersions)
        {
            byte[] packet = [0xc0, 0, 0, 0, 0, (byte)initial.Source.Length, .. initial.Source.Span, (byte)initial.Destination.Length, .. initial.Destination.Span, .. payload];
            peer.SendDatagram(packet);
        }
        return false;
    }

    private void Forget()
    {
        // The client's own end goes too: a thousand half-open attempts are not what is tested here.
        _connection?.Close(_live.World.Now, 0, "");
        _peer?.Dispose();
        _peer = null;
        _connection = null;
        _peerRuns = 0;
    }
}
