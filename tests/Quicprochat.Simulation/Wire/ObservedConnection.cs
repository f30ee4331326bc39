using System.Buffers.Binary;
using Quicprochat.Crypto;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Simulation.Wire;

/// <summary>What an observer knows of one connection: the keys of both ends at all levels, found by the key log.</summary>
internal sealed class ObservedConnection
{
    private static readonly CryptoProvider _provider = CryptoProvider.Native;

    private readonly SimKeyLog _keyLog;
    private readonly Dictionary<(Side, WirePacketKind), ProtectionKeys> _keys = [];
    private readonly Dictionary<(Side, WirePacketKind), long> _largest = [];
    private readonly byte[][] _secrets = [[], []];
    private readonly bool[] _phases = [false, false];
    private string? _clientRandom;
    private TlsCipherSuite? _suite;

    public ObservedConnection(SimKeyLog keyLog, ConnectionId originalDestination)
    {
        _keyLog = keyLog;
        OnInitialDestination(originalDestination);
    }

    /// <summary>The first Initial's destination, and after a Retry its source, gives the Initial keys (RFC 9001 §5.2).</summary>
    public void OnInitialDestination(ConnectionId destination)
    {
        KeySchedule.DeriveInitial(_provider, destination, Side.Client, out ProtectionKeys client, out ProtectionKeys server);
        _keys[(Side.Client, WirePacketKind.Initial)] = client;
        _keys[(Side.Server, WirePacketKind.Initial)] = server;
    }

    /// <summary>Opens <paramref name="packet"/>, a copy, in place. False when no key fits.</summary>
    public bool TryOpen(Side sender, WirePacketKind kind, Span<byte> packet, int packetNumberOffset, out long packetNumber, out bool keyPhase, out byte[] payload)
    {
        packetNumber = 0;
        keyPhase = false;
        payload = [];
        if (!TryGetKeys(sender, kind, out ProtectionKeys? keys) || !PacketProtection.TryUnmaskHeader(packet, packetNumberOffset, keys.Header, out UnmaskedHeader header))
        {
            return false;
        }
        packetNumber = PacketNumber.Decode(header.TruncatedPacketNumber, header.PacketNumberLength, _largest.GetValueOrDefault((sender, kind), -1));
        keyPhase = kind == WirePacketKind.OneRtt && header.KeyPhase;
        if (kind == WirePacketKind.OneRtt && keyPhase != _phases[(int)sender])
        {
            keys = Update(sender, keys.Header);
        }
        if (!PacketProtection.TryOpenPayload(packet, header, packetNumber, keys.Packet, out Span<byte> opened))
        {
            return false;
        }
        _largest[(sender, kind)] = Math.Max(packetNumber, _largest.GetValueOrDefault((sender, kind), -1));
        payload = opened.ToArray();
        return true;
    }

    /// <summary>Learns the client's random and the cipher suite from the two hellos.</summary>
    public void OnFrames(Side sender, WirePacketKind kind, IReadOnlyList<WireFrame> frames)
    {
        if (kind != WirePacketKind.Initial || frames.FirstOrDefault(f => f is { Type: WireFrame.Crypto, Value: 0 }) is not { } crypto)
        {
            return;
        }
        // Both hellos begin with type, 24-bit length, legacy_version and random; ServerHello goes on with legacy_session_id and cipher_suite (RFC 9846 §4.1.3).
        ReadOnlySpan<byte> hello = crypto.Data.Span;
        if (sender == Side.Client && hello.Length >= 38)
        {
            _clientRandom = Convert.ToHexString(hello[6..38]);
        }
        else if (sender == Side.Server && hello.Length >= 41)
        {
            _suite = (TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(hello[(39 + hello[38])..]);
        }
    }

    private bool TryGetKeys(Side sender, WirePacketKind kind, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ProtectionKeys? keys)
    {
        if (_keys.TryGetValue((sender, kind), out keys))
        {
            return true;
        }
        string label = (sender, kind) switch
        {
            (Side.Client, WirePacketKind.Handshake) => "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
            (Side.Server, WirePacketKind.Handshake) => "SERVER_HANDSHAKE_TRAFFIC_SECRET",
            (Side.Client, _) => "CLIENT_TRAFFIC_SECRET_0",
            _ => "SERVER_TRAFFIC_SECRET_0",
        };
        if (_clientRandom is null || _suite is null || !_keyLog.TryGet(_clientRandom, label, out byte[] secret))
        {
            return false;
        }
        keys = KeySchedule.Derive(_provider, _suite.Value, secret);
        _keys[(sender, kind)] = keys;
        if (kind == WirePacketKind.OneRtt)
        {
            _secrets[(int)sender] = secret;
        }
        return true;
    }

    /// <summary>The keys of the next phase (RFC 9001 §6.1). An observer of a sender sees phases in order.</summary>
    private ProtectionKeys Update(Side sender, Crypto.Aead.HeaderProtectionKey headerKey)
    {
        byte[] next = new byte[_secrets[(int)sender].Length];
        KeySchedule.DeriveNextSecret(_provider, _suite!.Value, _secrets[(int)sender], next);
        var keys = new ProtectionKeys(KeySchedule.DerivePacketKeys(_provider, _suite.Value, next), headerKey);
        _secrets[(int)sender] = next;
        _phases[(int)sender] = !_phases[(int)sender];
        _keys[(sender, WirePacketKind.OneRtt)] = keys;
        return keys;
    }
}
