using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class AddressTokenKeyTests
{
    private const long Now = 1_000_000_000;

    private static readonly Address _client = Address.From(IPAddress.Parse("192.0.2.1"), 5000);
    private static readonly Address _otherPort = Address.From(IPAddress.Parse("192.0.2.1"), 5001);
    private static readonly Address _otherHost = Address.From(IPAddress.Parse("192.0.2.2"), 5000);

    private static readonly AddressToken _retry = new(AddressTokenKind.Retry, _client, Now)
    {
        OriginalDestination = ConnectionId.From([1, 2, 3, 4, 5, 6, 7, 8]),
        RetrySource = ConnectionId.From([9, 10]),
    };

    private static readonly AddressToken _newToken = new(AddressTokenKind.NewToken, _client, Now);

    [Fact]
    public void A_retry_token_gives_back_both_ids()
    {
        using AddressTokenKey key = Key(1);
        Assert.Equal(AddressTokenStatus.Valid, key.Open(Seal(key, _retry), _client, Now, out AddressToken token));
        Assert.Equal(_retry, token);
    }

    [Fact]
    public void The_longest_token_fits() => Gen.Select(Gen.Byte.Array[0, 20], Gen.Byte.Array[0, 20], Gen.Byte.Array[16], Gen.UShort).Sample((original, retry, host, port) =>
    {
        using AddressTokenKey key = Key(1);
        Address remote = Address.FromBytes(host, port, 7);
        var token = new AddressToken(AddressTokenKind.Retry, remote, Now)
        {
            OriginalDestination = ConnectionId.From(original),
            RetrySource = ConnectionId.From(retry),
        };
        byte[] bytes = Seal(key, token);
        Assert.InRange(bytes.Length, 1, AddressTokenKey.TokenSizeMax);
        Assert.Equal(AddressTokenStatus.Valid, key.Open(bytes, remote, Now, out AddressToken read));
        Assert.Equal(token, read);
    });

    [Fact]
    public void A_retry_token_counts_for_one_address_and_port()
    {
        using AddressTokenKey key = Key(1);
        byte[] bytes = Seal(key, _retry);
        Assert.Equal(AddressTokenStatus.InvalidRetry, key.Open(bytes, _otherPort, Now, out _));
        Assert.Equal(AddressTokenStatus.InvalidRetry, key.Open(bytes, _otherHost, Now, out AddressToken token));
        Assert.Equal(default, token);
    }

    [Fact]
    public void A_new_token_counts_for_one_address_whatever_the_port()
    {
        using AddressTokenKey key = Key(1);
        byte[] bytes = Seal(key, _newToken);
        Assert.Equal(AddressTokenStatus.Valid, key.Open(bytes, _client, Now, out _));
        Assert.Equal(AddressTokenStatus.Valid, key.Open(bytes, _otherPort, Now, out AddressToken token));
        Assert.Equal(AddressTokenKind.NewToken, token.Kind);
        Assert.Equal(AddressTokenStatus.Ignored, key.Open(bytes, _otherHost, Now, out _));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(AddressTokenKey.RetryLifetime, true)]
    [InlineData(AddressTokenKey.RetryLifetime + 1, false)]
    [InlineData(-1, false)]
    [InlineData(long.MaxValue - Now, false)]
    [InlineData(long.MinValue, false)]
    public void A_retry_token_lives_for_seconds(long age, bool isValid)
    {
        using AddressTokenKey key = Key(1);
        Assert.Equal(isValid ? AddressTokenStatus.Valid : AddressTokenStatus.InvalidRetry, key.Open(Seal(key, _retry), _client, Now + age, out _));
    }

    [Theory]
    [InlineData(AddressTokenKey.NewTokenLifetime, true)]
    [InlineData(AddressTokenKey.NewTokenLifetime + 1, false)]
    [InlineData(-1, false)]
    public void A_new_token_lives_for_a_day(long age, bool isValid)
    {
        using AddressTokenKey key = Key(1);
        Assert.Equal(isValid ? AddressTokenStatus.Valid : AddressTokenStatus.Ignored, key.Open(Seal(key, _newToken), _client, Now + age, out _));
    }

    [Fact]
    public void No_bit_of_a_token_can_be_flipped()
    {
        using AddressTokenKey key = Key(1);
        byte[] bytes = Seal(key, _retry);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] other = [.. bytes];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            AddressTokenStatus status = key.Open(other, _client, Now, out AddressToken token);
            Assert.Equal(bit < 8 ? AddressTokenStatus.Ignored : AddressTokenStatus.InvalidRetry, status);
            Assert.Equal(default, token);
        }
    }

    [Fact]
    public void A_retry_token_does_not_pass_for_a_new_one()
    {
        using AddressTokenKey key = Key(1);
        byte[] bytes = Seal(key, _retry);
        bytes[0] = (byte)AddressTokenKind.NewToken;
        Assert.Equal(AddressTokenStatus.Ignored, key.Open(bytes, _client, Now, out _));
    }

    [Fact]
    public void A_token_opens_after_a_restart_with_the_same_key_and_no_other()
    {
        using AddressTokenKey before = Key(1);
        using AddressTokenKey after = Key(1);
        using AddressTokenKey stranger = Key(2);
        byte[] bytes = Seal(before, _newToken);
        Assert.Equal(AddressTokenStatus.Valid, after.Open(bytes, _client, Now, out _));
        Seal(after, _newToken, seed: 99);
        Assert.Equal(AddressTokenStatus.Valid, after.Open(bytes, _client, Now, out _));
        Assert.Equal(AddressTokenStatus.Ignored, stranger.Open(bytes, _client, Now, out _));
    }

    [Fact]
    public void Random_bytes_are_never_valid() => Gen.Select(Gen.OneOf<byte>(0, 0x52, 0x4e), Gen.Byte.Array[0, 200]).Sample((kind, rest) =>
    {
        using AddressTokenKey key = Key(1);
        Assert.NotEqual(AddressTokenStatus.Valid, key.Open([kind, .. rest], _client, Now, out AddressToken token));
        Assert.Equal(default, token);
    });

    [Fact]
    public void A_token_cut_off_anywhere_is_not_valid()
    {
        using AddressTokenKey key = Key(1);
        byte[] bytes = Seal(key, _newToken);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(AddressTokenStatus.Ignored, key.Open(bytes.AsSpan(0, length), _client, Now, out _));
        }
    }

    [Fact]
    public void Two_tokens_for_one_client_have_nothing_in_common_but_the_salt()
    {
        using AddressTokenKey key = Key(1);
        var random = new TestRandom(3);
        var first = new byte[AddressTokenKey.TokenSizeMax];
        var second = new byte[AddressTokenKey.TokenSizeMax];
        key.Seal(_retry, random, first);
        key.Seal(_retry, random, second);
        Assert.Equal(first[..13], second[..13]);
        Assert.NotEqual(first[13..25], second[13..25]);
        Assert.NotEqual(first[25..], second[25..]);
    }

    [Fact]
    public void A_salt_serves_for_so_many_tokens_and_the_older_ones_still_open()
    {
        using var key = new AddressTokenKey(CryptoProvider.Native, new byte[AddressTokenKey.KeySize], tokensPerSalt: 3);
        byte[][] tokens = [.. Enumerable.Range(0, 7).Select(seed => Seal(key, _retry, seed))];
        string[] salts = [.. tokens.Select(token => Convert.ToHexString(token, 1, 12))];
        Assert.Equal(3, salts.Distinct().Count());
        Assert.All(salts.Chunk(3), chunk => Assert.Single(chunk.Distinct()));
        Assert.All(tokens, token => Assert.Equal(AddressTokenStatus.Valid, key.Open(token, _client, Now, out _)));
    }

    [Fact]
    public void A_key_of_another_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AddressTokenKey(CryptoProvider.Native, new byte[31]));

    private static AddressTokenKey Key(byte seed)
    {
        var key = new byte[AddressTokenKey.KeySize];
        key.AsSpan().Fill(seed);
        return new AddressTokenKey(CryptoProvider.Native, key);
    }

    private static byte[] Seal(AddressTokenKey key, AddressToken token, int seed = 1)
    {
        var bytes = new byte[AddressTokenKey.TokenSizeMax];
        return bytes[..key.Seal(token, new TestRandom(seed), bytes)];
    }
}
