using Quicprochat.Sdk.Identity;

namespace Quicprochat.Sdk.Tests.Identity;

public sealed class AccountAddressTests
{
    [Theory]
    [InlineData("alice@example.org", true)]
    [InlineData("0.a_b-c@localhost:5002", true)]
    [InlineData("Alice@example.org", false)]
    [InlineData(".alice@example.org", false)]
    [InlineData("alice", false)]
    [InlineData("alice@", false)]
    [InlineData("@example.org", false)]
    [InlineData("a@b@c", false)]
    [InlineData("a@b c", false)]
    [InlineData("abcdefghijklmnopqrstuvwxyz01234567@example.org", false)]
    [InlineData(null, false)]
    public void An_address_is_a_name_and_a_server(string? address, bool valid)
    {
        Assert.Equal(valid, AccountAddress.IsValid(address));
    }

    [Fact]
    public void A_bare_name_is_of_the_own_server()
    {
        Assert.Equal("bob@example.org", AccountAddress.Complete(" Bob ", "example.org"));
        Assert.Equal("bob@other.org", AccountAddress.Complete("bob@other.org", "example.org"));
        Assert.Equal(QpcError.AccountNameInvalid, Assert.Throws<QpcException>(() => AccountAddress.Complete("b o b", "example.org")).Error);
    }
}
