using System.Net;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>
/// Payloads to our server under the right keys: the first byte says at which level (0 Initial, 1 Handshake, both before the client's Finished; else 1-RTT), the rest is the payload.
/// The connection may end by it, with a code that blames the peer; another connection to the same endpoint may not feel it.
/// </summary>
internal sealed class ServerTarget : IFuzzTarget
{
    private const int RunsInOneWorld = 1_000;
    private const int RunsBetweenEchoes = 100;
    private const int RunsOfOnePeer = 50;
    private const int MaxPayload = 1_400;

    private LiveWorld _live = new(seed: 6);
    private ScriptedPeer? _peer;
    private byte[] _early = [];
    private EncryptionLevel _earlyLevel;
    private int _peerRuns;
    private int _runs;
    private ushort _port;

    public string Name => "server";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. PayloadInputs.Of(RecordedHandshake.Payloads)];

    public byte[] Generate(SeededRandom random) => PayloadInputs.Generate(random);

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
            _live = new LiveWorld(seed: 6);
        }
        if (input[0] < 2)
        {
            RunEarly((EncryptionLevel)input[0], payload);
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

    private void RunEarly(EncryptionLevel level, byte[] payload)
    {
        Forget();
        _early = payload;
        _earlyLevel = level;
        int before = _live.Server.Connections.Count;
        _peer = NewPeer();
        _peer.Start();
        _live.World.RunFor(5 * SimClock.Millisecond);
        _early = [];
        if (_live.Server.Connections.Count > before)
        {
            Verdict.Check(_live.Server.Connections[^1].CloseReason);
        }
        Forget();
    }

    private void RunEstablished(byte[] payload)
    {
        if (_peer is null || _peerRuns++ == RunsOfOnePeer)
        {
            Forget();
            _peer = NewPeer();
            _peer.Start();
            Assert.True(_live.World.RunUntil(() => _peer.IsComplete && _live.Server.Connections[^1].IsConfirmed, SimClock.Second), "No handshake.");
        }
        Connection connection = _live.Server.Connections[^1];
        _peer.Send(payload);
        _live.World.RunFor(2 * SimClock.Millisecond);
        if (connection.CloseReason is { } reason)
        {
            Verdict.Check(reason);
            Forget();
        }
    }

    /// <summary>Sends what is to come early right before its own Finished.</summary>
    private ScriptedPeer NewPeer() => new(
        _live.World,
        Side.Client,
        Address.From(IPAddress.Parse("203.0.113.7"), ++_port),
        _live.Server.Address,
        new ScriptedPeerOptions
        {
            // The cheaper group: a handshake is most of what an input costs.
            ClientTls = tls => tls with { Groups = [TlsGroup.X25519] },
            Rewrite = (peer, level, bytes) =>
            {
                if (level == EncryptionLevel.Handshake && _early.Length > 0)
                {
                    peer.Send(_earlyLevel, _early);
                }
                return bytes;
            },
        });

    private void Forget()
    {
        _peer?.Dispose();
        _peer = null;
        _peerRuns = 0;
    }
}
