using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>Forged key shares: each is an illegal_parameter at the end that gets it.</summary>
public sealed class KeyShareTests
{
    private const int MlKemPublicKeySize = 1_184;
    private const int MlKemEncapsulationSize = 1_088;

    [Fact]
    public void An_all_zero_X25519_share_is_refused_by_both_ends() => AssertRefused(TlsGroup.X25519, _ => new byte[32], _ => new byte[32]);

    [Fact]
    public void An_X25519_share_of_small_order_is_refused_by_both_ends()
    {
        byte[] order8 = Convert.FromHexString("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
        AssertRefused(TlsGroup.X25519, _ => order8, _ => order8);
    }

    [Fact]
    public void An_X25519_share_of_another_length_is_refused_by_both_ends() => AssertRefused(TlsGroup.X25519, share => share[1..], share => [.. share, 0]);

    [Fact]
    public void A_P256_share_off_the_curve_is_refused_by_both_ends() => AssertRefused(TlsGroup.Secp256r1, Flip(40), Flip(40));

    [Fact]
    public void A_compressed_P256_share_is_refused_by_both_ends() =>
        AssertRefused(TlsGroup.Secp256r1, share => [(byte)(2 + (share[64] & 1)), .. share[1..33]], share => [(byte)(2 + (share[64] & 1)), .. share[1..33]]);

    [Fact]
    public void The_point_at_infinity_is_refused_by_both_ends() => AssertRefused(TlsGroup.Secp256r1, _ => [0], _ => new byte[65]);

    [Fact]
    public void An_ML_KEM_key_with_coefficients_out_of_range_is_refused_by_the_server() =>
        AssertRefused(TlsGroup.X25519MLKEM768, share => [.. Enumerable.Repeat((byte)0xff, MlKemPublicKeySize), .. share[MlKemPublicKeySize..]], null);

    [Fact]
    public void An_all_zero_X25519_half_of_a_hybrid_share_is_refused_by_both_ends() => AssertRefused(
        TlsGroup.X25519MLKEM768,
        share => [.. share[..MlKemPublicKeySize], .. new byte[32]],
        share => [.. share[..MlKemEncapsulationSize], .. new byte[32]]);

    [Fact]
    public void A_hybrid_share_cut_short_is_refused_by_both_ends() => AssertRefused(TlsGroup.X25519MLKEM768, share => share[..^1], share => share[..100]);

    [Fact]
    public void A_hybrid_share_that_is_too_long_is_refused_by_both_ends() => AssertRefused(TlsGroup.X25519MLKEM768, share => [.. share, 0], share => [.. share, 0]);

    [Fact]
    public void A_wrong_ML_KEM_encapsulation_gives_other_secrets_and_fails_authentication()
    {
        // ML-KEM rejects implicitly (FIPS 203 §6.3): what tells is the server's Finished or CertificateVerify.
        using TlsPair pair = Run(TlsGroup.X25519MLKEM768, HandshakeType.ServerHello, Flip(7));
        Assert.Equal(Errors.Alert(51), pair.ClientError?.Code);
    }

    [Fact]
    public void A_share_for_a_group_that_was_not_offered_is_refused_by_the_client()
    {
        using var pair = new TlsPair(TlsPair.ClientOptions with { Groups = [TlsGroup.X25519] });
        pair.Tamper = (_, _, bytes) =>
        {
            if (bytes[0] != (byte)HandshakeType.ServerHello)
            {
                return bytes;
            }

            var hello = new HelloEditor(bytes);
            hello[TlsExtensionType.KeyShare] = [0, (byte)TlsGroup.Secp256r1, .. HelloEditor.Vector16(new byte[65])];
            return hello.ToArray();
        };
        pair.Run();
        Assert.Equal(Errors.Alert(47), pair.ClientError?.Code);
    }

    private static Func<byte[], byte[]> Flip(int index) => share =>
    {
        share[index] ^= 1;
        return share;
    };

    private static void AssertRefused(TlsGroup group, Func<byte[], byte[]> forgeClients, Func<byte[], byte[]>? forgeServers)
    {
        using TlsPair byServer = Run(group, HandshakeType.ClientHello, forgeClients);
        Assert.Equal(Errors.Alert(47), byServer.ServerError?.Code);
        if (forgeServers is not null)
        {
            using TlsPair byClient = Run(group, HandshakeType.ServerHello, forgeServers);
            Assert.Equal(Errors.Alert(47), byClient.ClientError?.Code);
        }
    }

    private static TlsPair Run(TlsGroup group, HandshakeType message, Func<byte[], byte[]> forge)
    {
        var pair = new TlsPair(TlsPair.ClientOptions with { Groups = [group] });
        pair.Tamper = (_, level, bytes) => level == EncryptionLevel.Initial && bytes[0] == (byte)message ? Forge(bytes, forge) : bytes;
        return pair.Run();
    }

    private static byte[] Forge(byte[] bytes, Func<byte[], byte[]> forge)
    {
        // ClientHello: KeyShareEntry client_shares<0..2^16-1>; ServerHello: one KeyShareEntry { group; opaque key_exchange<1..2^16-1>; }
        var hello = new HelloEditor(bytes);
        byte[] data = hello[TlsExtensionType.KeyShare];
        bool client = bytes[0] == (byte)HandshakeType.ClientHello;
        byte[] entry = client ? data[2..] : data;
        byte[] forged = [.. entry[..2], .. HelloEditor.Vector16(forge(entry[4..]))];
        hello[TlsExtensionType.KeyShare] = client ? HelloEditor.Vector16(forged) : forged;
        return hello.ToArray();
    }
}
