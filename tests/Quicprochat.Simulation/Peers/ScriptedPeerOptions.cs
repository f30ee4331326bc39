using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Simulation.Peers;

/// <summary>How a scripted peer behaves where the script says nothing.</summary>
internal sealed record ScriptedPeerOptions
{
    /// <summary>Bytes of the ids it gives itself.</summary>
    public int ConnectionIdLength { get; init; } = 8;

    /// <summary>Acknowledges each datagram at once.</summary>
    public bool Acknowledges { get; init; } = true;

    /// <summary>Hands CRYPTO bytes to TLS and sends what TLS answers.</summary>
    public bool RunsHandshake { get; init; } = true;

    /// <summary>Sees the CRYPTO bytes TLS puts out, before they are sent: a whole flight of one level each time. Gives what is sent instead; may send something of its own before.</summary>
    public Func<ScriptedPeer, EncryptionLevel, byte[], byte[]> Rewrite { get; init; } = (_, _, bytes) => bytes;

    /// <summary>Changes the transport parameters it announces, given as bytes.</summary>
    public Func<byte[], byte[]> RewriteParameters { get; init; } = bytes => bytes;

    /// <summary>Server: answers a first Initial in its own way (Retry, Version Negotiation); true when that is all.</summary>
    public Func<ScriptedPeer, LongHeaderSummary, bool> FirstInitial { get; init; } = (_, _) => false;

    /// <summary>Client: what a Retry is answered with; null ignores it.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Token { get; init; } = token => token;

    public Func<TlsClientOptions, TlsClientOptions> ClientTls { get; init; } = tls => tls;

    public Func<TlsServerOptions, TlsServerOptions> ServerTls { get; init; } = tls => tls;
}
