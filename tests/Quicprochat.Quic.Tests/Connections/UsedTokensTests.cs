using System.Buffers.Binary;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>Tokens that have been used (RFC 9000 §8.1.4).</summary>
public sealed class UsedTokensTests
{
    [Fact]
    public void A_token_counts_once()
    {
        var used = new UsedTokens();
        Assert.True(used.TryUse(Token(1)));
        Assert.False(used.TryUse(Token(1)));
        Assert.True(used.TryUse(Token(2)));
    }

    [Fact]
    public void Tokens_are_forgotten_by_generations_and_memory_stays_bounded()
    {
        var used = new UsedTokens();
        const int Many = 100_000;
        for (int i = 0; i < Many; i++)
        {
            Assert.True(used.TryUse(Token(i)));
        }
        // The newest are remembered for at least a generation, the oldest no longer.
        Assert.All(Enumerable.Range(Many - 16_000, 16_000), i => Assert.False(used.TryUse(Token(i))));
        Assert.True(used.TryUse(Token(0)));
    }

    private static byte[] Token(int number)
    {
        byte[] token = new byte[60];
        BinaryPrimitives.WriteInt32BigEndian(token.AsSpan(56), number);
        return token;
    }
}
