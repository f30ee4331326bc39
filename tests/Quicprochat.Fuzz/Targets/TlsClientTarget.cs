using System.Buffers.Binary;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>
/// A server's whole flight to a client whose dice always fall the same: two bytes of length, the CRYPTO bytes of the Initial level, then those of the Handshake level.
/// Only the flight as the server made it may complete the handshake.
/// </summary>
internal sealed class TlsClientTarget : IFuzzTarget
{
    private const ulong ClientSeed = 3;

    private static readonly byte[] _parameters = [0x0f, 0x00];

    private readonly HashSet<string> _good;

    public TlsClientTarget()
    {
        Corpus = [Flight(SimTls.Server()), Flight(SimTls.Server() with { Credential = SimTls.LongServerCredential }), Flight(SimTls.Server() with { RequestClientCertificate = true, CertificateValidator = SimTls.Trusting(SimTls.ClientCredential) })];
        _good = [.. Corpus.Select(Convert.ToHexString)];
    }

    public string Name => "tls-client";

    public IReadOnlyList<byte[]> Corpus { get; }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }
        int initial = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input), input.Length - 2);
        using TlsSession client = TlsSession.CreateClient(SimTls.Client(), new SeededRandom(ClientSeed), _parameters);
        Assert.Null(client.Start());
        TransportError? error = client.Receive(EncryptionLevel.Initial, input.Slice(2, initial));
        if (error is null && client.ReadLevel == EncryptionLevel.Handshake)
        {
            error = client.Receive(EncryptionLevel.Handshake, input[(2 + initial)..]);
        }
        Assert.Null(client.LocalFault);
        string hex = Convert.ToHexString(input);
        Assert.True(!client.IsComplete || _good.Any(g => hex.StartsWith(g, StringComparison.Ordinal)), "A changed flight completed the handshake.");
        Assert.True(error is null or { Code: >= TransportErrorCode.CryptoError or TransportErrorCode.ProtocolViolation or TransportErrorCode.CryptoBufferExceeded }, $"{error}");
    }

    private static byte[] Flight(TlsServerOptions options)
    {
        using TlsSession client = TlsSession.CreateClient(SimTls.Client(), new SeededRandom(ClientSeed), _parameters);
        using TlsSession server = TlsSession.CreateServer(options, new SeededRandom(4), _parameters);
        Assert.Null(client.Start());
        while (client.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> bytes))
        {
            Assert.Null(server.Receive(level, bytes.Span));
        }
        var parts = new List<byte>[] { [], [] };
        while (server.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> bytes))
        {
            parts[(int)level].AddRange(bytes.Span);
        }
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)parts[0].Count);
        return [.. length, .. parts[0], .. parts[1]];
    }
}
