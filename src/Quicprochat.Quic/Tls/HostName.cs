using System.Net;

namespace Quicprochat.Quic.Tls;

/// <summary>Which target hosts may be named in SNI.</summary>
internal static class HostName
{
    /// <summary>The host name to send: without a trailing dot, and null for none or a literal address (RFC 6066 §3).</summary>
    public static string? ForServerName(string? targetHost) =>
        string.IsNullOrEmpty(targetHost) || IPAddress.TryParse(targetHost, out _) ? null : targetHost.TrimEnd('.');
}
