using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Transport.Certificates;
using CoreCipherSuite = Quicprochat.Quic.Tls.TlsCipherSuite;

namespace Quicprochat.Transport;

/// <summary>The public options as the state machine wants them.</summary>
internal static class CoreOptions
{
    /// <summary>msquic's and this transport's default idle timeout.</summary>
    private static readonly TimeSpan _defaultIdleTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Finds what is missing before anything is begun.</summary>
    public static void Check(QuicClientConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.RemoteEndPoint);
        ArgumentNullException.ThrowIfNull(options.ClientAuthenticationOptions);
        CheckCommon(options);
        SslClientAuthenticationOptions tls = options.ClientAuthenticationOptions;
        CheckTls(tls.ApplicationProtocols, tls.EnabledSslProtocols, tls.CertificateRevocationCheckMode);
    }

    public static (ClientConnectionOptions Core, CertificateValidator Validator) OfClient(QuicClientConnectionOptions options, string targetHost, QuicConnection connection)
    {
        SslClientAuthenticationOptions tls = options.ClientAuthenticationOptions;
        var validator = new CertificateValidator(new CertificatePolicy
        {
            Usage = CertificatePolicy.ServerUsage,
            ChecksName = true,
            ChainPolicy = tls.CertificateChainPolicy,
            Callback = tls.RemoteCertificateValidationCallback,
            Pins = PinsOf(options),
        }, connection);
        var core = new ClientConnectionOptions
        {
            Tls = new TlsClientOptions
            {
                TargetHost = targetHost,
                ApplicationProtocols = NamesOf(tls.ApplicationProtocols!),
                CertificateValidator = validator,
                Credential = options.Credential ?? ClientCredential(tls, targetHost, connection),
                Groups = options.Groups ?? TlsGroups.Default,
                CipherSuites = CipherSuitesOf(options, tls.CipherSuitesPolicy),
                KeyLog = options.KeyLog,
            },
            Transport = TransportOf(options),
        };
        return (core, validator);
    }

    public static (ServerConnectionOptions Core, CertificateValidator? Validator) OfServer(
        QuicServerConnectionOptions options, IReadOnlyList<string> listenerProtocols, QuicConnection connection)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.ServerAuthenticationOptions);
        CheckCommon(options);
        SslServerAuthenticationOptions tls = options.ServerAuthenticationOptions;
        IReadOnlyList<string> protocols = tls.ApplicationProtocols is { Count: > 0 } own ? NamesOf(own) : listenerProtocols;
        CheckTls(tls.ApplicationProtocols ?? [SslApplicationProtocol.Http3], tls.EnabledSslProtocols, tls.CertificateRevocationCheckMode);
        bool asksClient = tls.ClientCertificateRequired || options.CertificatePins is { Count: > 0 };
        CertificateValidator? validator = !asksClient ? null : new CertificateValidator(new CertificatePolicy
        {
            Usage = CertificatePolicy.ClientUsage,
            ChecksName = false,
            ChainPolicy = tls.CertificateChainPolicy,
            Callback = tls.RemoteCertificateValidationCallback,
            Pins = PinsOf(options),
        }, connection);
        var core = new ServerConnectionOptions
        {
            Tls = new TlsServerOptions
            {
                Credential = options.Credential ?? ServerCredential(tls, connection),
                ApplicationProtocols = protocols,
                RequestClientCertificate = asksClient,
                // As in SslStream: a callback may accept a client that shows no certificate.
                RequireClientCertificate = asksClient && (tls.RemoteCertificateValidationCallback is null || options.CertificatePins is { Count: > 0 }),
                CertificateValidator = validator,
                Groups = options.Groups ?? TlsGroups.Default,
                CipherSuites = CipherSuitesOf(options, tls.CipherSuitesPolicy),
                KeyLog = options.KeyLog,
            },
            Transport = TransportOf(options),
        };
        return (core, validator);
    }

    private static TransportOptions TransportOf(QuicConnectionOptions options)
    {
        QuicReceiveWindowSizes windows = options.InitialReceiveWindowSizes;
        int streamWindow = Math.Max(windows.UnidirectionalStream,
            Math.Max(windows.LocallyInitiatedBidirectionalStream, windows.RemotelyInitiatedBidirectionalStream));
        var defaults = new TransportOptions();
        return defaults with
        {
            MaxInboundBidirectionalStreams = options.MaxInboundBidirectionalStreams,
            MaxInboundUnidirectionalStreams = options.MaxInboundUnidirectionalStreams,
            ConnectionWindow = windows.Connection,
            ConnectionWindowMax = Math.Max(windows.Connection, defaults.ConnectionWindowMax),
            StreamWindow = streamWindow,
            StreamWindowMax = Math.Max(streamWindow, defaults.StreamWindowMax),
            IdleTimeout = options.IdleTimeout == Timeout.InfiniteTimeSpan ? 0
                : Micros(options.IdleTimeout == TimeSpan.Zero ? _defaultIdleTimeout : options.IdleTimeout),
            HandshakeTimeout = Micros(options.HandshakeTimeout),
            KeepAliveInterval = options.KeepAliveInterval == Timeout.InfiniteTimeSpan ? 0 : Micros(options.KeepAliveInterval),
            MaxDatagramFrameSize = options.MaxDatagramFrameSize,
            DatagramQueueLength = Math.Max(1, options.DatagramQueueLength),
            MaxUdpPayloadSize = options.MaxUdpPayloadSize,
        };
    }

    private static void CheckCommon(QuicConnectionOptions options)
    {
        ErrorCodes.Check(options.DefaultStreamErrorCode, nameof(options.DefaultStreamErrorCode));
        ErrorCodes.Check(options.DefaultCloseErrorCode, nameof(options.DefaultCloseErrorCode));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxInboundBidirectionalStreams);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxInboundUnidirectionalStreams);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxInboundBidirectionalStreams, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxInboundUnidirectionalStreams, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(options.DatagramQueueLength);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxDatagramFrameSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxDatagramFrameSize, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxUdpPayloadSize, 1200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxUdpPayloadSize, ushort.MaxValue);
        QuicReceiveWindowSizes windows = options.InitialReceiveWindowSizes;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windows.Connection);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windows.LocallyInitiatedBidirectionalStream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windows.RemotelyInitiatedBidirectionalStream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windows.UnidirectionalStream);
        CheckTime(options.IdleTimeout, nameof(options.IdleTimeout));
        CheckTime(options.KeepAliveInterval, nameof(options.KeepAliveInterval));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.HandshakeTimeout, TimeSpan.Zero);
    }

    /// <summary>What would weaken a connection if it were silently ignored is refused.</summary>
    private static void CheckTls(List<SslApplicationProtocol>? protocols, SslProtocols enabled, X509RevocationMode revocation)
    {
        if (protocols is not { Count: > 0 })
        {
            throw new ArgumentException("At least one application protocol is needed.");
        }
        if (enabled != SslProtocols.None && !enabled.HasFlag(SslProtocols.Tls13))
        {
            throw new ArgumentException("QUIC uses TLS 1.3.");
        }
        if (revocation == X509RevocationMode.Online)
        {
            throw new ArgumentException("Revocation lists are not fetched: set CertificateRevocationCheckMode to NoCheck, or check in a callback.");
        }
    }

    private static void CheckTime(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(name, time, "A time is positive, zero or infinite.");
        }
    }

    private static long Micros(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static IReadOnlyList<string> NamesOf(List<SslApplicationProtocol> protocols) => [.. protocols.Select(static protocol => protocol.ToString())];

    private static PinnedCertificateValidator? PinsOf(QuicConnectionOptions options) =>
        options.CertificatePins is { Count: > 0 } pins ? PublicKeyPin.Validator(pins) : null;

    private static IReadOnlyList<CoreCipherSuite> CipherSuitesOf(QuicConnectionOptions options, CipherSuitesPolicy? policy)
    {
        IEnumerable<System.Net.Security.TlsCipherSuite>? wanted = options.CipherSuites
            ?? (OperatingSystem.IsWindows() ? null : policy?.AllowedCipherSuites); // A policy cannot be made on Windows.
        if (wanted is null)
        {
            return TlsCipherSuites.Default;
        }
        IReadOnlyList<CoreCipherSuite> known = [.. wanted.Select(static suite => (CoreCipherSuite)suite).Where(Enum.IsDefined)];
        return known.Count > 0 ? known : throw new ArgumentException("None of the cipher suites can be used with QUIC.");
    }

    private static TlsCredential? ClientCredential(SslClientAuthenticationOptions tls, string targetHost, QuicConnection connection)
    {
        if (tls.ClientCertificateContext is { } context)
        {
            return Credentials.Of(context);
        }
        X509Certificate? chosen = tls.LocalCertificateSelectionCallback is { } select
            ? select(connection, targetHost, tls.ClientCertificates ?? [], null, [])
            : tls.ClientCertificates?.OfType<X509Certificate2>().FirstOrDefault(static certificate => certificate.HasPrivateKey);
        return chosen is X509Certificate2 certificate ? Credentials.Of(certificate) : null;
    }

    private static TlsCredential ServerCredential(SslServerAuthenticationOptions tls, QuicConnection connection)
    {
        if (tls.ServerCertificateSelectionCallback is { } select)
        {
            return select(connection, connection.TargetHostName) is X509Certificate2 selected
                ? Credentials.Of(selected)
                : throw new AuthenticationException("ServerCertificateSelectionCallback chose no certificate with a private key.");
        }
        return tls.ServerCertificateContext is { } context ? Credentials.Of(context)
            : tls.ServerCertificate is X509Certificate2 certificate ? Credentials.Of(certificate)
            : throw new ArgumentException("The server's options hold no certificate.");
    }
}
