using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic.Tls;
using Quicprochat.Transport.Certificates;

namespace Quicprochat.Transport.Tests;

public sealed class AuthenticationTests
{
    [Fact]
    public async Task A_server_for_another_name_is_refused_by_name()
    {
        await using Loopback net = await Loopback.StartAsync();
        AuthenticationException seen = await Assert.ThrowsAsync<AuthenticationException>(
            () => net.DialAsync(static options => options.ClientAuthenticationOptions.TargetHost = "elsewhere.test"));
        Assert.Equal("The peer's certificate was not made for 'elsewhere.test'.", seen.Message);
        Assert.Equal(0x100 + 42, Assert.IsType<QuicException>(seen.InnerException).TransportErrorCode);
    }

    [Fact]
    public async Task A_server_that_nobody_vouches_for_is_refused()
    {
        await using Loopback net = await Loopback.StartAsync();
        AuthenticationException seen = await Assert.ThrowsAsync<AuthenticationException>(
            () => net.DialAsync(static options => options.ClientAuthenticationOptions.CertificateChainPolicy = null));
        Assert.Equal("The peer's certificate chain ends at no trusted root.", seen.Message);
    }

    [Fact]
    public async Task A_pinned_key_needs_no_root_and_no_name()
    {
        await using Loopback net = await Loopback.StartAsync();
        await net.ConnectAsync(static options =>
        {
            options.CertificatePins = [PublicKeyPin.Of(TestCertificates.Server)];
            options.ClientAuthenticationOptions.CertificateChainPolicy = null;
            options.ClientAuthenticationOptions.TargetHost = "elsewhere.test";
        });
        AuthenticationException seen = await Assert.ThrowsAsync<AuthenticationException>(
            () => net.DialAsync(static options => options.CertificatePins = [PublicKeyPin.Of(TestCertificates.Client)]));
        Assert.Equal("The key of the peer's certificate is not one of the pinned keys.", seen.Message);
    }

    [Fact]
    public async Task A_callback_may_accept_what_is_not_valid_and_refuse_what_is()
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, _) = await net.ConnectAsync(static options =>
        {
            options.ClientAuthenticationOptions.CertificateChainPolicy = null;
            options.ClientAuthenticationOptions.RemoteCertificateValidationCallback = static (_, certificate, _, errors) =>
                certificate is not null && errors == SslPolicyErrors.RemoteCertificateChainErrors;
        });
        Assert.NotNull(client.RemoteCertificate);
        AuthenticationException seen = await Assert.ThrowsAsync<AuthenticationException>(() => net.DialAsync(
            static options => options.ClientAuthenticationOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => false));
        Assert.Equal("The application refused the peer's certificate.", seen.Message);
    }

    [Fact]
    public async Task A_callback_that_throws_shows_its_exception()
    {
        await using Loopback net = await Loopback.StartAsync();
        QuicException seen = await Assert.ThrowsAsync<QuicException>(() => net.DialAsync(static options =>
            options.ClientAuthenticationOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => throw new InvalidOperationException("mine")));
        Assert.Equal((QuicError.CallbackError, "mine"), (seen.QuicError, seen.InnerException?.Message));
    }

    [Fact]
    public async Task Both_ends_show_certificates_when_both_are_asked()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => AskClient(options));
        (_, QuicConnection server) = await net.ConnectAsync(
            static options => options.ClientAuthenticationOptions.ClientCertificates = [TestCertificates.Client]);
        Assert.Equal(TestCertificates.Client.RawData, server.RemoteCertificate!.GetRawCertData());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_without_a_good_certificate_does_not_get_in(bool showsOne)
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => AskClient(options));
        // A client is done before the server has judged it (RFC 9846 §4.4.4), so the refusal may come to the dialling or after it.
        Exception seen = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            QuicConnection client = await net.DialAsync(options =>
            {
                // Made for servers, not for clients.
                options.ClientAuthenticationOptions.ClientCertificates = showsOne ? [TestCertificates.Server] : null;
            });
            await client.AcceptInboundStreamAsync(Loopback.Patience);
        });
        QuicException refusal = Assert.IsType<QuicException>(seen is AuthenticationException ? seen.InnerException : seen);
        Assert.Equal(showsOne ? 0x100 + 43 : 0x100 + 116, refusal.TransportErrorCode);
        (QuicConnection good, QuicConnection accepted) = await net.ConnectAsync(
            static options => options.ClientAuthenticationOptions.ClientCertificates = [TestCertificates.Client]);
        Assert.Equal(good.LocalEndPoint.Port, accepted.RemoteEndPoint.Port);
    }

    [Fact]
    public async Task A_servers_callback_may_accept_a_client_without_a_certificate()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options =>
        {
            AskClient(options);
            options.ServerAuthenticationOptions.RemoteCertificateValidationCallback = static (_, certificate, _, errors) =>
                certificate is null && errors == SslPolicyErrors.RemoteCertificateNotAvailable;
        });
        (_, QuicConnection server) = await net.ConnectAsync();
        Assert.Null(server.RemoteCertificate);
    }

    [Fact]
    public async Task A_server_may_know_its_clients_by_their_keys()
    {
        await using Loopback net = await Loopback.StartAsync(serve: static options => options.CertificatePins = [PublicKeyPin.Of(TestCertificates.Client)]);
        (_, QuicConnection server) = await net.ConnectAsync(
            static options => options.ClientAuthenticationOptions.ClientCertificates = [TestCertificates.Client]);
        Assert.NotNull(server.RemoteCertificate);
    }

    [Fact]
    public async Task An_rsa_certificate_and_a_chain_work_too()
    {
        X509Certificate2 rsa = TestCertificates.IssueRsa(TestCertificates.Authority, "CN=rsa", ["localhost"]);
        await using Loopback net = await Loopback.StartAsync(serve: options => options.ServerAuthenticationOptions = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(rsa, [TestCertificates.Authority], offline: true),
        });
        (QuicConnection client, _) = await net.ConnectAsync();
        Assert.Equal(rsa.RawData, client.RemoteCertificate!.GetRawCertData());
    }

    [Fact]
    public async Task The_server_chooses_its_certificate_by_name()
    {
        X509Certificate2 other = TestCertificates.Issue(TestCertificates.Authority, "CN=other", ["other.test"], TestCertificates.ServerUsage);
        await using Loopback net = await Loopback.StartAsync(serve: options => options.ServerAuthenticationOptions = new SslServerAuthenticationOptions
        {
            ServerCertificateSelectionCallback = (_, name) => name == "other.test" ? other : TestCertificates.Server,
        });
        (QuicConnection first, _) = await net.ConnectAsync();
        (QuicConnection second, QuicConnection server) = await net.ConnectAsync(static options => options.ClientAuthenticationOptions.TargetHost = "other.test");
        Assert.Equal(TestCertificates.Server.RawData, first.RemoteCertificate!.GetRawCertData());
        Assert.Equal(other.RawData, second.RemoteCertificate!.GetRawCertData());
        Assert.Equal("other.test", server.TargetHostName);
    }

    [Fact]
    public async Task Nothing_in_common_is_an_authentication_failure()
    {
        await using Loopback net = await Loopback.StartAsync();
        AuthenticationException seen = await Assert.ThrowsAsync<AuthenticationException>(
            () => net.DialAsync(static options => options.ClientAuthenticationOptions.ApplicationProtocols = [new("unknown")]));
        // no_application_protocol (RFC 9001 §8.1).
        Assert.Equal(0x100 + 120, Assert.IsType<QuicException>(seen.InnerException).TransportErrorCode);
    }

    [Theory]
    [InlineData(TlsGroup.Secp256r1, "secp256r1")]
    [InlineData(TlsGroup.X25519, "x25519")]
    [InlineData(TlsGroup.X25519MLKEM768, "X25519MLKEM768")]
    public async Task The_servers_group_is_found_also_by_a_second_hello(TlsGroup group, string name)
    {
        await using Loopback net = await Loopback.StartAsync(serve: options => options.Groups = [group]);
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync();
        Assert.Equal((name, name), (client.NegotiatedGroup, server.NegotiatedGroup));
    }

    [Theory]
    [InlineData(System.Net.Security.TlsCipherSuite.TLS_AES_128_GCM_SHA256)]
    [InlineData(System.Net.Security.TlsCipherSuite.TLS_AES_256_GCM_SHA384)]
    [InlineData(System.Net.Security.TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256)]
    public async Task Every_cipher_suite_carries_data(System.Net.Security.TlsCipherSuite suite)
    {
        await using Loopback net = await Loopback.StartAsync();
        (QuicConnection client, QuicConnection server) = await net.ConnectAsync(options => options.CipherSuites = [suite]);
        Assert.Equal((suite, suite), (client.NegotiatedCipherSuite, server.NegotiatedCipherSuite));
        (QuicStream opened, QuicStream accepted) = await Loopback.OpenAsync(client, server);
        byte[] sent = StreamTests.Pattern(3, 100_000);
        await opened.WriteAsync(sent, completeWrites: true, Loopback.Patience);
        Assert.Equal(sent, await StreamTests.ReadToEndAsync(accepted));
    }

    [Fact]
    public async Task Secrets_are_written_only_where_a_log_was_asked_for()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await using Loopback net = await Loopback.StartAsync();
            await net.ConnectAsync(options => options.KeyLog = new KeyLogFile(path));
            string[] labels = [.. (await File.ReadAllLinesAsync(path, Loopback.Patience)).Select(static line => line.Split(' ')[0])];
            Assert.Superset(
                new HashSet<string> { "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0" },
                labels.ToHashSet());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task What_would_silently_weaken_a_connection_is_an_argument_exception()
    {
        await using Loopback net = await Loopback.StartAsync();
        await AssertRefused(static options => options.ClientAuthenticationOptions.CertificateRevocationCheckMode = X509RevocationMode.Online);
        await AssertRefused(static options => options.ClientAuthenticationOptions.EnabledSslProtocols = SslProtocols.Tls12);
        await AssertRefused(static options => options.ClientAuthenticationOptions.ApplicationProtocols = []);
        await AssertRefused(static options => options.CipherSuites = [System.Net.Security.TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA]);
        await AssertRefused(static options => options.CertificatePins = ["no pin"]);
        await AssertRefused(static options => options.DefaultCloseErrorCode = -1);
        await AssertRefused(static options => options.ClientAuthenticationOptions.ClientCertificates = [], static options =>
            options.ClientAuthenticationOptions.LocalCertificateSelectionCallback = static (_, _, _, _, _) => X509CertificateLoader.LoadCertificate(TestCertificates.Client.RawData));

        async Task AssertRefused(params Action<QuicClientConnectionOptions>[] changes) => await Assert.ThrowsAnyAsync<ArgumentException>(() => net.DialAsync(options =>
        {
            foreach (Action<QuicClientConnectionOptions> change in changes)
            {
                change(options);
            }
        }));
    }

    private static void AskClient(QuicServerConnectionOptions options)
    {
        options.ServerAuthenticationOptions.ClientCertificateRequired = true;
        options.ServerAuthenticationOptions.CertificateChainPolicy = TestCertificates.Policy();
    }
}
