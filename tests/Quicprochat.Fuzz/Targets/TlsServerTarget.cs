using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>CRYPTO bytes of the Initial level to a server: ClientHellos. First the reader that finds SNI and ALPN, then TLS itself.</summary>
internal sealed class TlsServerTarget : IFuzzTarget
{
    public string Name => "tls-server";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        Hello(SimTls.Client()),
        Hello(SimTls.Client() with { Groups = [TlsGroup.X25519] }),
        Hello(SimTls.Client() with { Groups = [TlsGroup.Secp256r1], TargetHost = null, ApplicationProtocols = ["a", "b", SimTls.Protocol] }),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        TransportError? error = ClientHello.TryRead(input, out bool complete, out ClientHelloInfo? info);
        if (error is not null || !complete)
        {
            return;
        }
        Assert.NotNull(info);
        using TlsSession session = TlsSession.CreateServer(SimTls.Server(), new SeededRandom(1), new byte[] { 0x0f, 0x00 });
        TransportError? refused = session.Receive(EncryptionLevel.Initial, input);
        Assert.Null(session.LocalFault);
        Assert.False(session.IsComplete);
        if (refused is { } offence)
        {
            Assert.True(offence.Code is >= TransportErrorCode.CryptoError or TransportErrorCode.ProtocolViolation or TransportErrorCode.CryptoBufferExceeded, $"{offence}");
        }
    }

    private static byte[] Hello(TlsClientOptions options)
    {
        using TlsSession session = TlsSession.CreateClient(options, new SeededRandom(2), new byte[] { 0x0f, 0x00 });
        Assert.Null(session.Start());
        Assert.True(session.TryTakeOutput(out _, out ReadOnlyMemory<byte> bytes));
        return bytes.ToArray();
    }
}
