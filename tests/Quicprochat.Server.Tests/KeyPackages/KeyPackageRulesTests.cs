using Quicprochat.Mls;
using Quicprochat.Server.KeyPackages;

namespace Quicprochat.Server.Tests.KeyPackages;

/// <summary>The bounded reader against packages of the MLS library, whole, cut, changed.</summary>
public sealed class KeyPackageRulesTests
{
    private static readonly KeyPackageRules _rules = new([0xF001, 0x0001]);
    private static readonly ulong _now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public static TheoryData<int> Suites => [0xF001, 0x0001];

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_real_package_is_taken_with_its_facts(int suite)
    {
        byte[] package = Packages(suite).Make();
        Assert.Null(_rules.FaultOf(package, _now, out KeyPackageFacts facts));
        Assert.Equal(((ushort)suite, false), (facts.CipherSuite, facts.IsLastResort));
        Assert.InRange(facts.NotAfter, _now + 86_400, _now + (367 * 86_400));
        Assert.Null(_rules.FaultOf(Packages(suite).Make(lastResort: true), _now, out facts));
        Assert.True(facts.IsLastResort);
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        byte[] package = Packages(1).Make();
        Assert.All(Enumerable.Range(0, package.Length), length => Assert.NotNull(_rules.FaultOf(package.AsSpan(0, length), _now, out _)));
        Assert.NotNull(_rules.FaultOf([.. package, 0], _now, out _));
    }

    /// <summary>Whatever bit is changed: a signature covers it, or the form does.</summary>
    [Fact]
    public void Every_changed_byte_is_refused()
    {
        byte[] package = Packages(1).Make();
        for (int i = 0; i < package.Length; i++)
        {
            byte[] changed = [.. package];
            changed[i] ^= (byte)(1 << (i % 8));
            Assert.True(_rules.FaultOf(changed, _now, out _) is not null, $"byte {i}");
        }
    }

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 400].Sample(static bytes => _rules.FaultOf(bytes, _now, out _) is not null);

    [Fact]
    public void Mutations_of_a_package_never_throw()
    {
        byte[] package = Packages(1).Make();
        Gen.Select(Gen.Int[0, package.Length - 1], Gen.Byte.Array[1, 4]).Sample((at, bytes) =>
        {
            byte[] changed = [.. package[..at], .. bytes, .. package[Math.Min(package.Length, at + bytes.Length)..]];
            return changed.AsSpan().SequenceEqual(package) || _rules.FaultOf(changed, _now, out _) is not null;
        });
    }

    [Fact]
    public void Lifetimes_that_do_not_hold_now_are_refused()
    {
        byte[] package = Packages(1).Make();
        Assert.Null(_rules.FaultOf(package, _now, out KeyPackageFacts facts));
        Assert.NotNull(_rules.FaultOf(package, facts.NotAfter, out _));
        Assert.Null(_rules.FaultOf(package, facts.NotAfter - 1, out _));
        Assert.NotNull(_rules.FaultOf(package, _now - (3 * 3600), out _));
    }

    [Fact]
    public void Suites_that_are_not_taken_are_named_with_those_that_are()
    {
        string? fault = new KeyPackageRules([0xF001]).FaultOf(Packages(1).Make(), _now, out _);
        Assert.Contains("0x0001", fault, StringComparison.Ordinal);
        Assert.Contains("0xF001", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_in_more_bytes_than_needed_is_refused()
    {
        // The first vector is the init key of 32 bytes: 0x20, which 0x40 0x20 says in two bytes (RFC 9420 §2.1.2).
        byte[] package = Packages(1).Make();
        Assert.Equal(0x20, package[8]);
        Assert.NotNull(_rules.FaultOf([.. package[..8], 0x40, 0x20, .. package[9..]], _now, out _));
    }

    private static TestKeyPackages Packages(int suite) => new(suite == 1 ? CipherSuite.X25519Aes128GcmSha256Ed25519 : CipherSuite.MlKem768X25519Aes256GcmSha384Ed25519);
}
