namespace Quicprochat.Crypto.Tests;

public sealed class SecretTests
{
    [Fact]
    public void A_disposed_secret_is_zeroed_and_not_used()
    {
        var secret = Secret.Copy([1, 2, 3]);
        var bytes = secret.Span;
        Assert.Equal(new byte[] { 1, 2, 3 }, bytes.ToArray());
        secret.Dispose();
        secret.Dispose();
        Assert.Equal(new byte[3], bytes.ToArray());
        Assert.Throws<ObjectDisposedException>(() => secret.Span.Length);
        Assert.Throws<ObjectDisposedException>(secret.Clone);
        Assert.Throws<ObjectDisposedException>(() => secret.FixedTimeEquals([0, 0, 0]));
    }

    [Fact]
    public void A_secret_never_prints_itself()
    {
        using var secret = Secret.Copy("hunter2"u8);
        Assert.Equal("[secret]", secret.ToString());
        Assert.Equal("[secret]", $"{secret}");
    }

    [Fact]
    public void A_clone_is_independent()
    {
        var secret = Secret.Copy([1, 2, 3]);
        using var clone = secret.Clone();
        secret.Dispose();
        Assert.True(clone.FixedTimeEquals([1, 2, 3]));
        Assert.Equal(3, clone.Length);
    }

    [Fact]
    public void Equality_is_of_bytes_and_length()
    {
        using var secret = Secret.Copy([1, 2, 3]);
        Assert.True(secret.FixedTimeEquals([1, 2, 3]));
        Assert.False(secret.FixedTimeEquals([1, 2, 4]));
        Assert.False(secret.FixedTimeEquals([1, 2]));
        Assert.False(secret.FixedTimeEquals([1, 2, 3, 0]));
    }

    [Fact]
    public void Randomness_comes_from_the_source()
    {
        using var secret = Secret.Random(40, new SeededRandom(1));
        Assert.True(secret.FixedTimeEquals(new SeededRandom(1).Bytes(40)));
        using var other = Secret.Random(40, SystemRandomSource.Instance);
        Assert.False(other.FixedTimeEquals(new byte[40]));
    }
}
