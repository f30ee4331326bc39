using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Classes 25 and 26: who a peer is, and bugs of the host around a connection.</summary>
public sealed class CertificateTests
{
    private const byte TlsBadCertificate = 42;
    private const byte TlsDecryptError = 51;
    private const byte TlsInternalError = 80;
    private const byte TlsCertificateRequired = 116;

    /// <summary>A Finished of SHA-256: type, 24-bit length, 32 bytes.</summary>
    private const int FinishedSize = 36;

    [Fact]
    public void A_server_with_another_key_is_refused() => ClientScene.Run(
        new ScriptedPeerOptions { ServerTls = tls => tls with { Credential = SimTls.ClientCredential } },
        scene =>
        {
            Assert.True(scene.World.RunUntil(() => scene.Connection.CloseReason is not null, SimClock.Second));
            Assert.Equal(CloseKind.LocalTransport, scene.Connection.CloseReason!.Kind);
            Assert.InRange(scene.Connection.CloseReason.Code, (long)TransportErrorCode.CryptoError + TlsBadCertificate, (long)TransportErrorCode.CryptoError + 49);
            Assert.False(scene.Application.IsConnected);
        });

    [Fact]
    public void A_stolen_certificate_without_its_key_is_refused() => ClientScene.Run(
        new ScriptedPeerOptions { ServerTls = tls => tls with { Credential = new TlsCredential(SimTls.ServerCredential.CertificateChain, SimTls.ClientCredential.Signer) } },
        scene => scene.ExpectClose(TransportErrorCode.CryptoError + TlsDecryptError)); // RFC 9846 §4.4.3

    [Fact]
    public void A_servers_finished_that_is_wrong_is_refused() => ClientScene.Run(
        new ScriptedPeerOptions { Rewrite = (_, level, bytes) => level == EncryptionLevel.Handshake ? WithLastByteChanged(bytes) : bytes },
        scene => scene.ExpectClose(TransportErrorCode.CryptoError + TlsDecryptError)); // RFC 9846 §4.4.4

    [Fact]
    public void A_servers_signature_that_is_wrong_is_refused() => ClientScene.Run(
        new ScriptedPeerOptions { Rewrite = (_, level, bytes) => level == EncryptionLevel.Handshake ? WithByteChanged(bytes, bytes.Length - FinishedSize - 1) : bytes },
        scene => scene.ExpectClose(TransportErrorCode.CryptoError + TlsDecryptError)); // RFC 9846 §4.4.3

    [Fact]
    public void A_clients_finished_that_is_wrong_is_refused() => ServerScene.Run(
        new ServerSceneOptions { Peer = new ScriptedPeerOptions { Rewrite = (_, level, bytes) => level == EncryptionLevel.Handshake ? WithLastByteChanged(bytes) : bytes } },
        scene =>
        {
            scene.Peer.Start();
            scene.ExpectClose(TransportErrorCode.CryptoError + TlsDecryptError); // RFC 9846 §4.4.4
        });

    [Fact]
    public void A_client_without_a_certificate_is_refused_where_one_is_required() => SimPair.Run(
        1,
        new Scenario { ServerTls = tls => tls with { RequestClientCertificate = true, RequireClientCertificate = true, CertificateValidator = SimTls.Trusting(SimTls.ClientCredential) } },
        pair =>
        {
            Connection client = pair.Connect(new IdleApplication());
            Assert.True(pair.World.RunUntil(() => client.CloseReason is not null, 5 * SimClock.Second));
            Assert.Equal((CloseKind.PeerTransport, (long)TransportErrorCode.CryptoError + TlsCertificateRequired), (client.CloseReason!.Kind, client.CloseReason.Code)); // RFC 9846 §4.4.2.4
            Assert.Equal(CloseKind.LocalTransport, pair.Server.Connections[0].CloseReason!.Kind);
        });

    [Fact]
    public void A_client_with_its_certificate_is_known_by_it() => SimPair.Run(
        1,
        new Scenario
        {
            ServerTls = tls => tls with { RequestClientCertificate = true, RequireClientCertificate = true, CertificateValidator = SimTls.Trusting(SimTls.ClientCredential) },
            ClientTls = tls => tls with { Credential = SimTls.ClientCredential },
        },
        pair =>
        {
            pair.Download(10 * SimClock.Second, 1_000);
            pair.Drain();
            Assert.Equal(SimTls.ClientCredential.CertificateChain[0].ToArray(), pair.Server.Connections[0].PeerCertificates[0].ToArray());
        });

    [Fact]
    public void A_validator_that_throws_costs_its_own_connection_only() => SimPair.Run(
        1,
        new Scenario
        {
            ServerTls = tls => tls with { RequestClientCertificate = true, CertificateValidator = new Faulty() },
            ClientTls = tls => tls with { Credential = SimTls.ClientCredential },
        },
        pair =>
        {
            Connection first = pair.Connect(new IdleApplication());
            Assert.True(pair.World.RunUntil(() => first.CloseReason is not null, 5 * SimClock.Second));
            Assert.Equal((CloseKind.PeerTransport, (long)TransportErrorCode.CryptoError + TlsInternalError), (first.CloseReason!.Kind, first.CloseReason.Code));
            // The endpoint takes the next as if nothing had happened.
            Connection second = pair.Connect(new IdleApplication());
            Assert.True(pair.World.RunUntil(() => second.CloseReason is not null, 5 * SimClock.Second));
            Assert.Equal(2, pair.Server.Connections.Count);
        });

    private static byte[] WithLastByteChanged(byte[] bytes) => WithByteChanged(bytes, bytes.Length - 1);

    private static byte[] WithByteChanged(byte[] bytes, int index)
    {
        byte[] changed = [.. bytes];
        changed[index] ^= 1;
        return changed;
    }

    private sealed class Faulty : IPeerCertificateValidator
    {
        public byte? Validate(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost) => throw new InvalidOperationException("A bug of the host.");
    }
}
