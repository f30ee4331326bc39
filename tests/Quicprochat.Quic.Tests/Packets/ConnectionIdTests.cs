using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class ConnectionIdTests
{
    [Fact]
    public void Bytes_come_back() => Gen.Byte.Array[0, 20].Sample(bytes =>
    {
        ConnectionId id = ConnectionId.From(bytes);
        Assert.Equal(bytes.Length, id.Length);
        Assert.Equal(bytes.Length == 0, id.IsEmpty);
        Assert.Equal(bytes, id.Span);
        var copy = new byte[bytes.Length];
        id.CopyTo(copy);
        Assert.Equal(bytes, copy);
        Assert.Equal(Convert.ToHexStringLower(bytes), id.ToString());
    });

    [Fact]
    public void Equal_bytes_are_equal_and_hash_alike_and_others_are_not() =>
        Gen.Select(Gen.Byte[0, 1].Array[0, 20], Gen.Byte[0, 1].Array[0, 20]).Sample((a, b) =>
        {
            ConnectionId left = ConnectionId.From(a);
            ConnectionId right = ConnectionId.From(b);
            bool isEqual = a.AsSpan().SequenceEqual(b);
            Assert.Equal(isEqual, left == right);
            Assert.Equal(isEqual, left.Equals((object)right));
            Assert.Equal(!isEqual, left != right);
            Assert.True(!isEqual || left.GetHashCode() == right.GetHashCode());
        });

    [Fact]
    public void Trailing_zeros_count() => Assert.NotEqual(ConnectionId.From([1]), ConnectionId.From([1, 0]));

    [Fact]
    public void Ids_that_fold_together_do_not_share_a_hash()
    {
        // A hash that folds words (as ulong.GetHashCode does, high ^ low) or weighs two of them alike gives many of these one bucket.
        var ids = new HashSet<ConnectionId>();
        for (int words = 0; words < 5 * 5; words++)
        {
            for (byte values = 0; values < 100; values++)
            {
                var bytes = new byte[20];
                bytes[words % 5 * 4] = (byte)(values % 10);
                bytes[words / 5 * 4] = (byte)(values / 10);
                ids.Add(ConnectionId.From(bytes));
            }
        }
        int hashes = ids.Select(id => id.GetHashCode()).Distinct().Count();
        Assert.True(hashes > ids.Count - 5, $"{hashes} of {ids.Count}");
    }

    [Fact]
    public void The_default_is_the_empty_id()
    {
        Assert.Equal(ConnectionId.From([]), default);
        Assert.Equal("", default(ConnectionId).ToString());
    }

    [Fact]
    public void More_than_20_bytes_are_refused() => Assert.Throws<ArgumentException>(() => ConnectionId.From(new byte[21]));

    [Fact]
    public void A_drawn_id_is_as_the_random_source_says()
    {
        var expected = new byte[9];
        new TestRandom(5).Fill(expected);
        Assert.Equal(ConnectionId.From(expected), ConnectionId.Draw(new TestRandom(5), 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConnectionId.Draw(new TestRandom(5), 21));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConnectionId.Draw(new TestRandom(5), -1));
    }

    [Fact]
    public void It_is_written_only_where_it_fits()
    {
        ConnectionId id = ConnectionId.From([1, 2, 3]);
        Assert.False(id.TryWrite(new byte[2], out int none));
        Assert.Equal(0, none);
        Assert.True(id.TryWrite(new byte[3], out int written));
        Assert.Equal(3, written);
    }
}
