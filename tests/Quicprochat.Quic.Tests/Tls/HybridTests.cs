using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Kem;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>
/// X25519MLKEM768 computed a second time from the wire and the client's dice, with .NET's HKDF: two ends of the same code would agree on any order of the halves.
/// </summary>
public sealed class HybridTests
{
    private const int HashSize = 32;

    [Fact]
    public void The_shared_secret_is_the_ML_KEM_one_and_then_the_X25519_one()
    {
        var log = new KeyLogTests.RecordingKeyLog();
        var random = new RecordingRandom();
        using TlsSession client = TlsSession.CreateClient(
            TlsPair.ClientOptions with { KeyLog = log, CipherSuites = [TlsCipherSuite.Aes128GcmSha256] }, random, TlsPair.ClientParameters);
        using TlsSession server = TlsSession.CreateServer(TlsPair.ServerOptions, new SeededRandom(2), TlsPair.ServerParameters);
        Assert.Null(client.Start());
        Assert.True(client.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> clientHello));
        Assert.Null(server.Receive(level, clientHello.Span));
        Assert.True(server.TryTakeOutput(out level, out ReadOnlyMemory<byte> serverHello));
        Assert.Null(client.Receive(level, serverHello.Span));

        // The client drew its hello random first, then what its keys are made of.
        byte[] shared = Agree(new ReplayedRandom(random.Drawn[32..]), clientHello.Span, serverHello.Span);
        byte[] transcript = SHA256.HashData([.. clientHello.Span, .. serverHello.Span]);
        byte[] early = HKDF.Extract(HashAlgorithmName.SHA256, new byte[HashSize], new byte[HashSize]);
        byte[] handshake = HKDF.Extract(HashAlgorithmName.SHA256, shared, ExpandLabel(early, "derived", SHA256.HashData([])));
        Assert.Equal(ExpandLabel(handshake, "c hs traffic", transcript), log.Secrets["CLIENT_HANDSHAKE_TRAFFIC_SECRET"]);
        Assert.Equal(ExpandLabel(handshake, "s hs traffic", transcript), log.Secrets["SERVER_HANDSHAKE_TRAFFIC_SECRET"]);
    }

    private static byte[] Agree(IRandomSource random, ReadOnlySpan<byte> clientHello, ReadOnlySpan<byte> serverHello)
    {
        KeyEncapsulation kem = CryptoProvider.Default.Kem(KemAlgorithm.MlKem768);
        KeyAgreement x25519 = CryptoProvider.Default.Agreement(KeyAgreementAlgorithm.X25519);
        var (kemKey, kemPublic) = (new byte[kem.PrivateKeySize], new byte[kem.PublicKeySize]);
        var (x25519Key, x25519Public) = (new byte[x25519.PrivateKeySize], new byte[x25519.PublicKeySize]);
        kem.GenerateKeyPair(random, kemKey, kemPublic);
        x25519.GenerateKeyPair(random, x25519Key, x25519Public);

        byte[] clientShare = new HelloEditor(clientHello)[TlsExtensionType.KeyShare][6..];
        Assert.Equal([.. kemPublic, .. x25519Public], clientShare);
        byte[] serverShare = new HelloEditor(serverHello)[TlsExtensionType.KeyShare][4..];
        var (kemSecret, x25519Secret) = (new byte[kem.SharedSecretSize], new byte[x25519.SharedSecretSize]);
        Assert.True(kem.TryDecapsulate(kemKey, serverShare.AsSpan(0, kem.EncapsulationSize), kemSecret));
        Assert.True(x25519.TryAgree(x25519Key, serverShare.AsSpan(kem.EncapsulationSize), x25519Secret));
        return [.. kemSecret, .. x25519Secret];
    }

    private static byte[] ExpandLabel(byte[] secret, string label, byte[] context)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, HashSize);
        byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, HashSize, [.. length, (byte)name.Length, .. name, (byte)context.Length, .. context]);
    }

    private sealed class RecordingRandom : IRandomSource
    {
        private readonly SeededRandom _source = new(1);
        private readonly List<byte> _drawn = [];

        public byte[] Drawn => [.. _drawn];

        public void Fill(Span<byte> destination)
        {
            _source.Fill(destination);
            _drawn.AddRange(destination);
        }
    }

    private sealed class ReplayedRandom(byte[] bytes) : IRandomSource
    {
        private int _position;

        public void Fill(Span<byte> destination)
        {
            bytes.AsSpan(_position, destination.Length).CopyTo(destination);
            _position += destination.Length;
        }
    }
}
