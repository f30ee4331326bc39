using System.Security.Cryptography.X509Certificates;
using Quicprochat.Transport.Certificates;

namespace Quicprochat.Transport.Tests.Certificates;

public sealed class ValidatedChainsTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_holds_no_more_than_its_capacity_and_forgets_the_oldest()
    {
        var chains = new ValidatedChains(capacity: 3, lifetime: TimeSpan.FromMinutes(10));
        using X509Chain chain = Build();
        for (byte i = 0; i < 5; i++)
        {
            chains.Add([i], chain, _now);
        }
        Assert.Equal(3, chains.Count);
        Assert.False(chains.Contains([1], _now));
        Assert.True(chains.Contains([2], _now));
    }

    [Fact]
    public void It_forgets_after_its_lifetime()
    {
        var chains = new ValidatedChains(capacity: 3, lifetime: TimeSpan.FromMinutes(10));
        using X509Chain chain = Build();
        chains.Add([1], chain, _now);
        Assert.True(chains.Contains([1], _now.AddMinutes(9)));
        Assert.False(chains.Contains([1], _now.AddMinutes(10)));
        chains.Add([1], chain, _now.AddMinutes(11));
        Assert.True(chains.Contains([1], _now.AddMinutes(12)));
    }

    private static X509Chain Build()
    {
        var chain = new X509Chain { ChainPolicy = TestCertificates.Policy() };
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(chain.Build(TestCertificates.Server));
        return chain;
    }
}
