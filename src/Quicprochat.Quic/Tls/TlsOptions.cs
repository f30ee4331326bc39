using System.Text;

namespace Quicprochat.Quic.Tls;

/// <summary>Finds options that cannot work before they cost a handshake.</summary>
internal static class TlsOptions
{
    public static void Require(IReadOnlyList<string> applicationProtocols, IReadOnlyList<TlsGroup> groups, IReadOnlyList<TlsCipherSuite> cipherSuites)
    {
        if (applicationProtocols.Count == 0 || applicationProtocols.Any(name => Encoding.UTF8.GetByteCount(name) is < 1 or > 255))
        {
            throw new ArgumentException("QUIC needs an application protocol, by a name of 1 to 255 bytes.", nameof(applicationProtocols)); // RFC 9001 §8.1
        }

        if (groups.Count == 0 || !groups.All(Enum.IsDefined))
        {
            throw new ArgumentException("A handshake needs a group that is known here.", nameof(groups));
        }

        if (cipherSuites.Count == 0 || !cipherSuites.All(Enum.IsDefined))
        {
            throw new ArgumentException("A handshake needs a cipher suite that is known here.", nameof(cipherSuites));
        }
    }

    public static void Require(TlsCredential credential)
    {
        if (credential.CertificateChain.Count is < 1 or > TlsSession.CertificatesMax)
        {
            throw new ArgumentException("A credential holds 1 to 16 certificates, the leaf first.", nameof(credential));
        }
    }

    public static void RequireHost(string? targetHost)
    {
        if (targetHost is not null && (targetHost.Length > 255 || !Ascii.IsValid(targetHost)))
        {
            throw new ArgumentException("A host name is ASCII here: an internationalized one in its xn-- form.", nameof(targetHost)); // RFC 6066 §3
        }
    }
}
