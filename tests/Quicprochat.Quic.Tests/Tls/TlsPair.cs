using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>A client and a server session, and the wire between them.</summary>
internal sealed class TlsPair : IDisposable
{
    public const string Host = "chat.example";

    private static readonly DateTimeOffset _notBefore = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly TlsCredential Ed25519 = Certificate(SignatureAlgorithm.Ed25519, Host);
    public static readonly TlsCredential Ecdsa = Certificate(SignatureAlgorithm.EcdsaP256Sha256, Host);

    public TlsPair(TlsClientOptions? client = null, TlsServerOptions? server = null, int seed = 1)
    {
        Client = TlsSession.CreateClient(client ?? ClientOptions, new SeededRandom(seed), ClientParameters);
        Server = TlsSession.CreateServer(server ?? ServerOptions, new SeededRandom(seed + 1_000_000), ServerParameters);
    }

    public static byte[] ClientParameters { get; } = [0x01, 0x02, 0x67, 0x10];

    public static byte[] ServerParameters { get; } = [0x04, 0x01, 0x42];

    public static TlsClientOptions ClientOptions { get; } = new()
    {
        TargetHost = Host,
        ApplicationProtocols = ["chat/1"],
        CertificateValidator = new RecordingValidator(),
    };

    public static TlsServerOptions ServerOptions { get; } = new() { Credential = Ed25519, ApplicationProtocols = ["chat/1"] };

    public TlsSession Client { get; }

    public TlsSession Server { get; }

    public List<TrafficSecrets> ClientSecrets { get; } = [];

    public List<TrafficSecrets> ServerSecrets { get; } = [];

    /// <summary>Every message sent, in order.</summary>
    public List<(Side From, EncryptionLevel Level, byte[] Bytes)> Wire { get; } = [];

    /// <summary>The error each end ended with.</summary>
    public TransportError? ClientError { get; private set; }

    public TransportError? ServerError { get; private set; }

    /// <summary>Changes what is delivered; an empty result delivers nothing.</summary>
    public Func<Side, EncryptionLevel, byte[], byte[]> Tamper { get; set; } = static (_, _, bytes) => bytes;

    /// <summary>Bytes delivered by one call.</summary>
    public int ChunkSize { get; set; } = int.MaxValue;

    public static TlsCredential Certificate(SignatureAlgorithm algorithm, params string[] names) =>
        SelfSignedCertificate.Create(algorithm, names, _notBefore, _notBefore.AddYears(10), new SeededRandom(names[0].Length + 77));

    /// <summary>Runs until nothing is left to deliver, or an end has failed.</summary>
    public TlsPair Run()
    {
        ClientError = Client.Start();
        while ((Deliver(Side.Client) | Deliver(Side.Server)) && ClientError is null && ServerError is null)
        {
        }

        return this;
    }

    public TlsPair RunToCompletion()
    {
        Run();
        Assert.Null(ClientError);
        Assert.Null(ServerError);
        Assert.True(Client.IsComplete);
        Assert.True(Server.IsComplete);
        Assert.Equal([EncryptionLevel.Handshake, EncryptionLevel.Application], ClientSecrets.Select(s => s.Level));
        Assert.Equal([EncryptionLevel.Handshake, EncryptionLevel.Application], ServerSecrets.Select(s => s.Level));
        foreach ((TrafficSecrets client, TrafficSecrets server) in ClientSecrets.Zip(ServerSecrets))
        {
            Assert.Equal(client.CipherSuite, server.CipherSuite);
            Assert.True(client.Write.FixedTimeEquals(server.Read.Span));
            Assert.True(client.Read.FixedTimeEquals(server.Write.Span));
            Assert.False(client.Read.FixedTimeEquals(client.Write.Span));
        }

        return this;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        foreach (TrafficSecrets secrets in ClientSecrets.Concat(ServerSecrets))
        {
            secrets.Read.Dispose();
            secrets.Write.Dispose();
        }
    }

    private bool Deliver(Side from)
    {
        (TlsSession source, TlsSession sink) = from == Side.Client ? (Client, Server) : (Server, Client);
        bool any = false;
        while (source.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> message))
        {
            any = true;
            Wire.Add((from, level, message.ToArray()));
            byte[] bytes = Tamper(from, level, message.ToArray());
            for (int i = 0; i < bytes.Length; i += Math.Min(ChunkSize, bytes.Length - i))
            {
                TransportError? error = sink.Receive(level, bytes.AsSpan(i, Math.Min(ChunkSize, bytes.Length - i)));
                if (from == Side.Client)
                {
                    ServerError = error;
                }
                else
                {
                    ClientError = error;
                }
            }
        }

        TakeSecrets();
        return any;
    }

    private void TakeSecrets()
    {
        while (Client.TryTakeSecrets(out TrafficSecrets secrets))
        {
            ClientSecrets.Add(secrets);
        }

        while (Server.TryTakeSecrets(out TrafficSecrets secrets))
        {
            ServerSecrets.Add(secrets);
        }
    }
}
