using Microsoft.Extensions.Logging;
using Quicprochat.Transport;

namespace Quicprochat.Rpc.Connections;

/// <summary>Whom to dial, and how.</summary>
public sealed class DialOptions
{
    /// <summary>A name or an address.</summary>
    public required string Host { get; init; }

    /// <summary>The server's UDP port.</summary>
    public int Port { get; init; } = 5001;

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of the server's certificate, 32 bytes. Null lets the certificate validate for <see cref="Host"/> against the system's roots.</summary>
    public ReadOnlyMemory<byte>? Pin { get; init; }

    /// <summary>The protocol to speak.</summary>
    public string Protocol { get; init; } = "qpc/1";

    /// <summary>A socket to dial from; null for one that all share.</summary>
    public QuicEndpoint? Endpoint { get; init; }

    /// <summary>How long the handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A PING goes out when nothing did for so long; a peer that says nothing for three times as long is gone.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where to log.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
