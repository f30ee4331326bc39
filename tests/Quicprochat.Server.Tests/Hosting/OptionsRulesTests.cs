using System.Net;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Server.Tests.Hosting;

public sealed class OptionsRulesTests
{
    [Fact]
    public void Nothing_has_to_be_set() => Assert.Empty(new QpcServerOptions().Validate());

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("chat.example.org", true)]
    [InlineData("chat.example.org:6001", true)]
    [InlineData("[2001:db8::1]:6001", true)]
    [InlineData("[2001:db8::1]", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("Chat.example.org", false)]
    [InlineData("chat example", false)]
    [InlineData("chat@example", false)]
    [InlineData("chat:0", false)]
    [InlineData("chat:065", false)]
    [InlineData("chat:70000", false)]
    [InlineData("chat:", false)]
    [InlineData(":5001", false)]
    [InlineData("-chat", false)]
    [InlineData("", false)]
    public void A_name_is_a_host_and_perhaps_a_port(string name, bool valid) => Assert.Equal(valid, OptionsRules.IsName(name));

    [Fact]
    public void A_name_has_at_most_128_characters()
    {
        Assert.True(OptionsRules.IsName(new string('a', 128)));
        Assert.False(OptionsRules.IsName(new string('a', 129)));
    }

    [Fact]
    public void The_default_name_has_the_port_when_it_is_not_the_usual_one()
    {
        Assert.Equal("localhost", ServerNames.DefaultFor(new IPEndPoint(IPAddress.Loopback, 5001)));
        Assert.Equal("localhost:6001", ServerNames.DefaultFor(new IPEndPoint(IPAddress.IPv6Loopback, 6001)));
        Assert.True(OptionsRules.IsName(ServerNames.DefaultFor(new IPEndPoint(IPAddress.IPv6Any, 5001))));
        Assert.Equal("host:6001", ServerNames.DialledAt(new IPEndPoint(IPAddress.Any, 6001), "host:7001"));
        Assert.Equal("[::1]:6001", ServerNames.DialledAt(new IPEndPoint(IPAddress.IPv6Loopback, 6001), "host"));
    }
}
