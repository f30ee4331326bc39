using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Hosts;

/// <summary>Certificates and TLS options of simulated hosts. Everything is Ed25519: its signatures hold no dice, so the handshake's bytes follow from the seed.</summary>
internal static class SimTls
{
    public const string ServerName = "server.sim.test";
    public const string Protocol = "sim/1";

    private static readonly DateTimeOffset _notBefore = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SeededRandom _random = new(20_260_101);

    public static TlsCredential ServerCredential { get; } = Certificate(ServerName);

    /// <summary>The leaf and eight more of about a kilobyte each: more than a server may send before it has validated an address (RFC 9000 §8.1).</summary>
    public static TlsCredential LongServerCredential { get; } = ServerCredential with
    {
        CertificateChain = [.. ServerCredential.CertificateChain, .. Enumerable.Range(1, 8).Select(i => Certificate(ManyNames(i)).CertificateChain[0])],
    };

    public static TlsCredential ClientCredential { get; } = Certificate("client.sim.test");

    public static TlsServerOptions Server(SimKeyLog? keyLog = null) => new()
    {
        Credential = ServerCredential,
        ApplicationProtocols = [Protocol],
        KeyLog = keyLog,
    };

    public static TlsClientOptions Client(SimKeyLog? keyLog = null) => new()
    {
        TargetHost = ServerName,
        ApplicationProtocols = [Protocol],
        CertificateValidator = Trusting(ServerCredential),
        KeyLog = keyLog,
    };

    /// <summary>Accepts the holder of the credential's leaf.</summary>
    public static IPeerCertificateValidator Trusting(TlsCredential credential) =>
        new PinnedCertificateValidator(PinnedCertificateValidator.Pin(credential.CertificateChain[0].Span));

    private static TlsCredential Certificate(params string[] names) =>
        SelfSignedCertificate.Create(SignatureAlgorithm.Ed25519, names, _notBefore, _notBefore.AddYears(50), _random);

    private static string[] ManyNames(int issuer) =>
        [.. Enumerable.Range(1, 30).Select(i => $"host-{i:00}.issuer-{issuer}.sim.test")];
}
