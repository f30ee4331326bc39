using Quicprochat.Sdk.Identity;

namespace Quicprochat.Sdk.Tests.Identity;

public sealed class SafetyNumberTests
{
    private static readonly byte[] _one = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly byte[] _two = [.. Enumerable.Repeat((byte)2, 32)];

    [Fact]
    public void Both_see_the_same_sixty_digits()
    {
        string here = SafetyNumber.Of("alice@a", _one, "bob@b", _two);
        string there = SafetyNumber.Of("bob@b", _two, "alice@a", _one);

        Assert.Equal(here, there);
        Assert.Matches("^[0-9]{5}( [0-9]{5}){11}$", here);
    }

    [Fact]
    public void Another_key_or_another_name_is_another_number()
    {
        string number = SafetyNumber.Of("alice@a", _one, "bob@b", _two);

        Assert.NotEqual(number, SafetyNumber.Of("alice@a", _one, "bob@b", _one));
        Assert.NotEqual(number, SafetyNumber.Of("alice@a", _one, "bob@c", _two));
    }
}
