namespace Quicprochat.Sdk.Tests.Identity;

public sealed class ServerAddressTests
{
    private const string Fingerprint = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    [Theory]
    [InlineData("example.org", "example.org", 5001, false)]
    [InlineData(" Example.ORG:7 ", "example.org", 7, false)]
    [InlineData("127.0.0.1:65535", "127.0.0.1", 65535, false)]
    [InlineData("[::1]:5002", "::1", 5002, false)]
    [InlineData("[::1]", "::1", 5001, false)]
    [InlineData("::1", "::1", 5001, false)]
    [InlineData("localhost#" + Fingerprint, "localhost", 5001, true)]
    [InlineData("localhost:9#" + Fingerprint, "localhost", 9, true)]
    public void An_address_is_read(string text, string host, int port, bool pinned)
    {
        Assert.True(ServerAddress.TryParse(text, out ServerAddress? address));
        Assert.Equal(host, address.Host);
        Assert.Equal(port, address.Port);
        Assert.Equal(pinned ? Fingerprint : null, address.Fingerprint);
        Assert.Equal(pinned, address.KeyHash is not null);
        Assert.Equal(address, ServerAddress.Parse(address.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:x")]
    [InlineData("host:")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("1:2:3")]
    [InlineData("host#")]
    [InlineData("host#AAEC")]
    [InlineData("host#" + Fingerprint + "A")]
    [InlineData("host#!AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    [InlineData("#" + Fingerprint)]
    public void Anything_else_is_not(string? text)
    {
        Assert.False(ServerAddress.TryParse(text, out _));
    }

    [Fact]
    public void A_wrong_address_says_what_to_write()
    {
        QpcException wrong = Assert.Throws<QpcException>(() => ServerAddress.Parse("a b"));
        Assert.Equal(QpcError.AddressInvalid, wrong.Error);
        Assert.Contains("host:port", wrong.Remedy, StringComparison.Ordinal);
    }
}
