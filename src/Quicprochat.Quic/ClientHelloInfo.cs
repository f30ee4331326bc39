namespace Quicprochat.Quic;

/// <summary>What a ClientHello says before anything is decided.</summary>
/// <param name="ServerName">The host name of SNI, null when absent.</param>
/// <param name="ApplicationProtocols">The ALPN names offered, in the client's order.</param>
public sealed record ClientHelloInfo(string? ServerName, IReadOnlyList<string> ApplicationProtocols);
