using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Transport.Certificates;

namespace Quicprochat.Transport.Tests.Certificates;

public sealed class CertificateValidatorTests
{
    private static readonly X509Certificate2 _intermediate = CreateIntermediate();

    [Theory]
    [InlineData("localhost")]
    [InlineData("server.test")]
    public void A_certificate_for_the_name_from_a_trusted_root_is_accepted(string host) =>
        Assert.Equal(CertificateFault.None, Judge([TestCertificates.Server], host));

    [Theory]
    [InlineData("other.test")]
    [InlineData("127.0.0.1")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("not a name!")]
    public void Another_name_is_refused(string? host) =>
        Assert.Equal(CertificateFault.NameMismatch, Judge([TestCertificates.Server], host));

    [Theory]
    [InlineData("192.0.2.7", CertificateFaultOutcome.None)]
    [InlineData("192.0.2.8", CertificateFaultOutcome.NameMismatch)]
    [InlineData("2001:db8::1", CertificateFaultOutcome.None)]
    [InlineData("a.wild.test", CertificateFaultOutcome.None)]
    [InlineData("a.b.wild.test", CertificateFaultOutcome.NameMismatch)]
    public void Addresses_and_wildcards_are_names_too(string host, CertificateFaultOutcome expected)
    {
        X509Certificate2 certificate = TestCertificates.Issue(
            TestCertificates.Authority, "CN=names", ["192.0.2.7", "2001:db8::1", "*.wild.test"], TestCertificates.ServerUsage);
        Assert.Equal((CertificateFault)expected, Judge([certificate], host));
    }

    [Fact]
    public void The_common_name_is_no_name()
    {
        X509Certificate2 certificate = TestCertificates.Issue(TestCertificates.Authority, "CN=localhost", [], TestCertificates.ServerUsage);
        Assert.Equal(CertificateFault.NameMismatch, Judge([certificate], "localhost"));
    }

    [Fact]
    public void A_root_that_is_not_trusted_is_refused()
    {
        X509Certificate2 stranger = TestCertificates.CreateAuthority("CN=stranger");
        X509Certificate2 certificate = TestCertificates.Issue(stranger, "CN=server", ["localhost"], TestCertificates.ServerUsage);
        Assert.Equal(CertificateFault.Untrusted, Judge([certificate, stranger], "localhost"));
        Assert.Equal(CertificateFault.Untrusted, Judge([certificate], "localhost"));
    }

    [Fact]
    public void A_self_signed_certificate_is_refused() =>
        Assert.Equal(CertificateFault.Untrusted, Judge([TestCertificates.CreateAuthority("CN=self")], "self", Policy() with { ChecksName = false }));

    [Fact]
    public void A_root_of_the_same_name_and_another_key_is_refused()
    {
        X509Certificate2 impostor = TestCertificates.CreateAuthority("CN=test authority");
        X509Certificate2 certificate = TestCertificates.Issue(impostor, "CN=server", ["localhost"], TestCertificates.ServerUsage);
        Assert.NotEqual(CertificateFault.None, Judge([certificate], "localhost"));
    }

    [Fact]
    public void A_chain_through_an_intermediate_needs_the_intermediate()
    {
        X509Certificate2 certificate = TestCertificates.Issue(_intermediate, "CN=below", ["localhost"], TestCertificates.ServerUsage);
        Assert.Equal(CertificateFault.None, Judge([certificate, _intermediate], "localhost"));
        Assert.Equal(CertificateFault.Untrusted, Judge([certificate], "localhost"));
    }

    [Fact]
    public void A_server_certificate_signs_no_others()
    {
        X509Certificate2 certificate = TestCertificates.IssueUnchecked(TestCertificates.Server, "CN=below", ["localhost"]);
        Assert.NotEqual(CertificateFault.None, Judge([certificate, TestCertificates.Server], "localhost"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_certificate_out_of_its_time_is_refused(int yearsFromStart)
    {
        DateTimeOffset start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        X509Certificate2 certificate = TestCertificates.Issue(
            TestCertificates.Authority, "CN=short", ["localhost"], TestCertificates.ServerUsage, start, start.AddYears(1));
        Assert.Equal(CertificateFault.None, Judge([certificate], "localhost", Policy(start.AddDays(1))));
        Assert.Equal(CertificateFault.Expired, Judge([certificate], "localhost", Policy(start.AddYears(yearsFromStart))));
    }

    [Fact]
    public void A_chain_once_found_valid_is_not_valid_past_its_end()
    {
        DateTimeOffset start = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
        X509Certificate2 certificate = TestCertificates.Issue(
            TestCertificates.Authority, "CN=minutes", ["localhost"], TestCertificates.ServerUsage, start, start.AddMinutes(2));
        Assert.Equal(CertificateFault.None, Judge([certificate], "localhost", Policy(start.AddMinutes(1))));
        Assert.Equal(CertificateFault.Expired, Judge([certificate], "localhost", Policy(start.AddMinutes(3))));
    }

    [Theory]
    [InlineData(TestCertificates.ClientUsage, CertificateFaultOutcome.WrongUsage)]
    [InlineData(TestCertificates.ServerUsage, CertificateFaultOutcome.None)]
    [InlineData(null, CertificateFaultOutcome.None)]
    public void A_certificate_made_for_another_use_is_refused(string? usage, CertificateFaultOutcome expected)
    {
        X509Certificate2 certificate = TestCertificates.Issue(TestCertificates.Authority, "CN=usage", ["localhost"], usage);
        Assert.Equal((CertificateFault)expected, Judge([certificate], "localhost"));
    }

    [Fact]
    public void A_server_wants_a_certificate_made_for_clients()
    {
        CertificatePolicy server = Policy() with { Usage = CertificatePolicy.ClientUsage, ChecksName = false };
        Assert.Equal(CertificateFault.None, Judge([TestCertificates.Client], null, server));
        Assert.Equal(CertificateFault.WrongUsage, Judge([TestCertificates.Server], null, server));
    }

    [Fact]
    public void None_at_all_is_refused() => Assert.Equal(CertificateFault.Missing, Judge([], "localhost"));

    [Fact]
    public void Bytes_that_are_no_certificate_are_refused()
    {
        var validator = new CertificateValidator(Policy(), this);
        Assert.Equal((byte)42, validator.Validate([new byte[] { 0x30, 0x03, 1, 2, 3 }], "localhost"));
        Assert.Equal(CertificateFault.Malformed, validator.Fault);
    }

    [Fact]
    public void A_chain_longer_than_any_real_one_is_refused() =>
        Assert.Equal(CertificateFault.Malformed, Judge([.. Enumerable.Repeat(TestCertificates.Server, 11)], "localhost"));

    [Fact]
    public void A_pinned_key_is_accepted_whatever_its_certificate_says()
    {
        X509Certificate2 self = TestCertificates.CreateAuthority("CN=self");
        CertificatePolicy pinned = Policy() with { Pins = PublicKeyPin.Validator([PublicKeyPin.Of(self)]) };
        Assert.Equal(CertificateFault.None, Judge([self], "any.test", pinned));
        Assert.Equal(CertificateFault.PinMismatch, Judge([TestCertificates.Server], "localhost", pinned));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("not base64url! not base64url! not base64url")]
    public void What_is_no_pin_is_an_argument_exception(string pin) =>
        Assert.Throws<ArgumentException>(() => PublicKeyPin.Validator([pin]));

    [Fact]
    public void A_callback_has_the_last_word_and_sees_all_errors()
    {
        SslPolicyErrors seen = default;
        bool answer = true;
        CertificatePolicy asked = Policy() with
        {
            Callback = (_, _, chain, errors) =>
            {
                seen = errors;
                Assert.NotNull(chain);
                return answer;
            },
        };
        X509Certificate2 self = TestCertificates.CreateAuthority("CN=self");
        Assert.Equal(CertificateFault.None, Judge([self], "localhost", asked));
        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch, seen);
        answer = false;
        Assert.Equal(CertificateFault.RefusedByCallback, Judge([TestCertificates.Server], "localhost", asked));
        Assert.Equal(SslPolicyErrors.None, seen);
    }

    [Fact]
    public void A_callback_that_throws_refuses_and_its_exception_is_kept()
    {
        var validator = new CertificateValidator(Policy() with { Callback = (_, _, _, _) => throw new InvalidOperationException("mine") }, this);
        Assert.Equal((byte)80, validator.Validate([TestCertificates.Server.RawDataMemory], "localhost"));
        Assert.Equal("mine", validator.CallbackException?.Message);
    }

    [Fact]
    public void A_change_of_the_trusted_roots_counts_at_once()
    {
        CertificatePolicy policy = Policy();
        Assert.Equal(CertificateFault.None, Judge([TestCertificates.Server], "localhost", policy));
        policy.ChainPolicy!.CustomTrustStore.Clear();
        Assert.Equal(CertificateFault.Untrusted, Judge([TestCertificates.Server], "localhost", policy));
    }

    [Fact]
    public void Every_fault_has_its_words_and_its_alert() => Assert.All(Enum.GetValues<CertificateFault>(), static fault =>
    {
        Assert.EndsWith(".", fault.Explain("host"), StringComparison.Ordinal);
        Assert.InRange(fault.Alert(), (byte)42, (byte)116);
    });

    private static CertificatePolicy Policy(DateTimeOffset? now = null) => new()
    {
        Usage = CertificatePolicy.ServerUsage,
        ChecksName = true,
        ChainPolicy = TestCertificates.Policy(),
        TimeProvider = new FixedTime(now ?? new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)),
    };

    private CertificateFault Judge(X509Certificate2[] chain, string? host, CertificatePolicy? policy = null)
    {
        var validator = new CertificateValidator(policy ?? Policy(), this);
        byte? alert = validator.Validate([.. chain.Select(static certificate => certificate.RawDataMemory)], host);
        Assert.Equal(validator.Fault == CertificateFault.None, alert is null);
        return validator.Fault;
    }

    private static X509Certificate2 CreateIntermediate()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=intermediate", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 bare = request.Create(
            TestCertificates.Authority, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero), [1, 2, 3]);
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>As <see cref="CertificateFault"/>, which a public test method may not name.</summary>
    public enum CertificateFaultOutcome
    {
        None = CertificateFault.None,
        WrongUsage = CertificateFault.WrongUsage,
        NameMismatch = CertificateFault.NameMismatch,
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
