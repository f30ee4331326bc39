using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class StatelessResetTokenTests
{
    [Fact]
    public void Tokens_differ_when_any_bit_does()
    {
        byte[] bytes = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        StatelessResetToken token = StatelessResetToken.From(bytes);
        Assert.Equal(token, StatelessResetToken.From(bytes));
        Assert.Equal(token.GetHashCode(), StatelessResetToken.From(bytes).GetHashCode());
        for (int bit = 0; bit < 128; bit++)
        {
            byte[] other = [.. bytes];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(token, StatelessResetToken.From(other));
        }
    }

    [Fact]
    public void A_token_does_not_print_itself() =>
        Assert.Equal("[token]", StatelessResetToken.From(new byte[16]).ToString());

    [Fact]
    public void Another_length_is_refused() => Assert.Throws<ArgumentException>(() => StatelessResetToken.From(new byte[15]));
}
