using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class StatelessResetTests
{
    /// <summary>Computed independently with Python's hmac module.</summary>
    [Fact]
    public void A_token_is_an_HMAC_of_the_connection_id()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        StatelessResetToken token = StatelessReset.DeriveToken(CryptoProvider.Native, key, ConnectionId.From([1, 2, 3, 4]));
        Assert.Equal(StatelessResetToken.From(Convert.FromHexString("e3ba74ad607691672b924220aa54ba7c")), token);
        Assert.NotEqual(token, StatelessReset.DeriveToken(CryptoProvider.Native, key, ConnectionId.From([1, 2, 3, 5])));
        key[0] ^= 1;
        Assert.NotEqual(token, StatelessReset.DeriveToken(CryptoProvider.Native, key, ConnectionId.From([1, 2, 3, 4])));
    }

    [Fact]
    public void A_reset_looks_like_a_short_header_packet_and_ends_with_its_token() =>
        Gen.Select(Gen.Int[StatelessReset.SizeMin, 100], Gen.Int, Gen.Byte.Array[16]).Sample((size, seed, bytes) =>
        {
            StatelessResetToken token = StatelessResetToken.From(bytes);
            var datagram = new byte[size];
            StatelessReset.Write(datagram, token, new TestRandom(seed));
            Assert.Equal(0x40, datagram[0] & 0xc0);
            Assert.True(ShortHeader.TryRead(datagram, 4, out _));
            Assert.True(StatelessReset.TryReadToken(datagram, out StatelessResetToken read));
            Assert.Equal(token, read);
            var drawn = new byte[size - 16];
            new TestRandom(seed).Fill(drawn);
            Assert.Equal(drawn[1..], datagram[1..^16]);
            Assert.Equal(drawn[0] & 0x3f, datagram[0] & 0x3f);
        });

    [Fact]
    public void A_reset_is_always_shorter_than_what_it_answers() =>
        Gen.Select(Gen.Int[0, 65_527], Gen.Byte).Sample((trigger, random) =>
        {
            int size = StatelessReset.SizeFor(trigger, random);
            Assert.True(size == 0 ? trigger <= StatelessReset.SizeMin : size < trigger && size >= StatelessReset.SizeMin);
            Assert.True(trigger is <= StatelessReset.SizeMin or > 43 || size == trigger - 1);
        });

    [Fact]
    public void Two_ends_that_reset_each_other_fall_silent()
    {
        int size = 1200;
        int answers = 0;
        while ((size = StatelessReset.SizeFor(size, 0xff)) != 0)
        {
            answers++;
        }
        Assert.InRange(answers, 1, 60);
    }

    [Fact]
    public void What_is_too_short_has_no_token()
    {
        for (int size = 0; size < StatelessReset.SizeMin; size++)
        {
            Assert.False(StatelessReset.TryReadToken(new byte[size], out _));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => StatelessReset.Write(new byte[StatelessReset.SizeMin - 1], default, new TestRandom(1)));
    }
}
