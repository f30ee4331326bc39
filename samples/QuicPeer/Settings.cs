using System.Net;
using System.Net.Security;
using Quicprochat.Quic;
using Quicprochat.Quic.Tls;
using Quicprochat.Transport;

namespace QuicPeer;

/// <summary>What the environment says, and what both ends have in common.</summary>
internal static class Settings
{
    public static readonly SslApplicationProtocol Echo = new("qpc/1");
    public static readonly SslApplicationProtocol Sink = new("qpc-sink/1");

    public static string? CertificateFolder => Variable("CERTS");

    public static string? Pin => Variable("PIN");

    public static RetryPolicy Retry => Variable("RETRY") == "1" ? RetryPolicy.Always : RetryPolicy.UnderLoad;

    /// <summary>Fills in what client and server options share.</summary>
    public static T Apply<T>(T options)
        where T : QuicConnectionOptions
    {
        options.DefaultStreamErrorCode = 1;
        options.DefaultCloseErrorCode = 0;
        options.IdleTimeout = TimeSpan.FromMinutes(5);
        options.KeyLog = KeyLogFile.FromEnvironment();
        options.CipherSuites = Variable("CIPHER") switch
        {
            null => null,
            "aes128" => [System.Net.Security.TlsCipherSuite.TLS_AES_128_GCM_SHA256],
            "aes256" => [System.Net.Security.TlsCipherSuite.TLS_AES_256_GCM_SHA384],
            "chacha20" => [System.Net.Security.TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256],
            string other => throw new ArgumentException($"CIPHER={other}: aes128, aes256 or chacha20."),
        };
        options.Groups = Variable("GROUPS")?.Split(',').Select(ParseGroup).ToArray();
        return options;
    }

    /// <summary>HOST:PORT, with an IPv6 host in brackets; a name is looked up when it is dialled.</summary>
    public static EndPoint ParseEndPoint(string text)
    {
        if (IPEndPoint.TryParse(text, out IPEndPoint? address))
        {
            return address;
        }
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], out int port)
            ? new DnsEndPoint(text[..colon], port)
            : throw new ArgumentException($"'{text}' is not HOST:PORT.");
    }

    private static TlsGroup ParseGroup(string name) => name.Trim().ToUpperInvariant() switch
    {
        "X25519MLKEM768" => TlsGroup.X25519MLKEM768,
        "X25519" => TlsGroup.X25519,
        "SECP256R1" or "P256" or "P-256" => TlsGroup.Secp256r1,
        _ => throw new ArgumentException($"GROUPS: '{name}' is not one of X25519MLKEM768, x25519, secp256r1."),
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
