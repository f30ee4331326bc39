using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;
using HashAlgorithm = Quicprochat.Crypto.Hash.HashAlgorithm;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class KeyScheduleTests
{
    [Theory]
    [InlineData(TlsCipherSuite.Aes128GcmSha256, AeadAlgorithm.Aes128Gcm, HashAlgorithm.Sha256, 32)]
    [InlineData(TlsCipherSuite.Aes256GcmSha384, AeadAlgorithm.Aes256Gcm, HashAlgorithm.Sha384, 48)]
    [InlineData(TlsCipherSuite.ChaCha20Poly1305Sha256, AeadAlgorithm.ChaCha20Poly1305, HashAlgorithm.Sha256, 32)]
    public void Each_suite_names_its_AEAD_and_hash(TlsCipherSuite suite, AeadAlgorithm aead, HashAlgorithm hash, int secretSize)
    {
        Assert.Equal(aead, KeySchedule.AeadOf(suite));
        Assert.Equal(hash, KeySchedule.HashOf(suite));
        Assert.Equal(secretSize, KeySchedule.SecretSizeOf(suite));
        using PacketKeys keys = KeySchedule.DerivePacketKeys(CryptoProvider.Native, suite, new byte[secretSize]);
        Assert.Equal(aead, keys.Algorithm);
    }

    [Fact]
    public void An_unknown_suite_is_a_bug() => Assert.Throws<ArgumentOutOfRangeException>(() => KeySchedule.AeadOf((TlsCipherSuite)0x1304));

    /// <summary>Computed independently with Python's hmac module.</summary>
    [Fact]
    public void The_next_secret_of_SHA_384_is_48_bytes()
    {
        byte[] secret = [.. Enumerable.Range(0, 48).Select(i => (byte)i)];
        var next = new byte[48];
        KeySchedule.DeriveNextSecret(CryptoProvider.Native, TlsCipherSuite.Aes256GcmSha384, secret, next);
        Assert.Equal("d21f524277390ba96b86484d9c687f850f1e4d1f997033bba06051129179a762a94067d065f3f715e83d65a7bf8c79b9", Convert.ToHexStringLower(next));
    }

    [Fact]
    public void What_the_client_sends_with_the_server_receives_with()
    {
        ConnectionId id = ConnectionId.From([1, 2, 3, 4]);
        KeySchedule.DeriveInitial(CryptoProvider.Native, id, Side.Client, out ProtectionKeys clientSend, out ProtectionKeys clientReceive);
        KeySchedule.DeriveInitial(CryptoProvider.Native, id, Side.Server, out ProtectionKeys serverSend, out ProtectionKeys serverReceive);
        AssertPair(clientSend, serverReceive, true);
        AssertPair(serverSend, clientReceive, true);
        AssertPair(clientSend, clientReceive, false);
    }

    [Fact]
    public void A_key_update_changes_the_packet_keys()
    {
        var secret = new byte[32];
        var next = new byte[32];
        KeySchedule.DeriveNextSecret(CryptoProvider.Native, TlsCipherSuite.Aes128GcmSha256, secret, next);
        HeaderProtectionKey headerKey = KeySchedule.DeriveHeaderKey(CryptoProvider.Native, TlsCipherSuite.Aes128GcmSha256, secret);
        PacketKeys Packet(byte[] from) => KeySchedule.DerivePacketKeys(CryptoProvider.Native, TlsCipherSuite.Aes128GcmSha256, from);
        AssertPair(new ProtectionKeys(Packet(next), headerKey), new ProtectionKeys(Packet(next), headerKey), true);
        AssertPair(new ProtectionKeys(Packet(next), headerKey), new ProtectionKeys(Packet(secret), headerKey), false);
    }

    private static void AssertPair(ProtectionKeys sender, ProtectionKeys receiver, bool isPair)
    {
        var buffer = new byte[60];
        var writer = new Writer(buffer);
        PacketLayout layout = new ShortHeader().Write(ref writer, 5, 2);
        writer.Reserve(20);
        int end = PacketProtection.Seal(buffer, layout, writer.Position, sender.Packet, sender.Header);
        bool isOpen = PacketProtection.TryUnmaskHeader(buffer.AsSpan(0, end), 1, receiver.Header, out UnmaskedHeader header)
            && PacketProtection.TryOpenPayload(buffer.AsSpan(0, end), header, 5, receiver.Packet, out _);
        Assert.Equal(isPair, isOpen);
    }
}
