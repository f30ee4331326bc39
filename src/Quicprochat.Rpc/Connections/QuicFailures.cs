using Quicprochat.Transport;

namespace Quicprochat.Rpc.Connections;

/// <summary>What the transport's failures mean for whoever calls.</summary>
internal static class QuicFailures
{
    /// <summary>TLS alert no_application_protocol as a QUIC error code (RFC 9001 §4.8).</summary>
    private const long NoApplicationProtocol = 0x100 + 120;

    public static RpcConnectionException Explain(QuicException e) => e.QuicError switch
    {
        QuicError.ConnectionAborted when e.ApplicationErrorCode is { } code => new(RpcConnectionError.ClosedByPeer, SentenceOf((CloseCode)code, e.Reason), e) { PeerCode = (CloseCode)code },
        QuicError.ConnectionAborted => new(RpcConnectionError.Lost, "The peer has lost the connection; it was probably restarted.", e),
        QuicError.ConnectionIdle => new(RpcConnectionError.Lost, "Nothing was heard of the peer for too long.", e),
        QuicError.ConnectionTimeout => new(RpcConnectionError.Unreachable, "Nobody answers at this address. Is the server running, and is its UDP port open?", e),
        QuicError.ConnectionRefused => new(RpcConnectionError.Refused, "The server refused the connection: it is full or going away. Try again in a moment.", e),
        QuicError.VersionNegotiationError => new(RpcConnectionError.ProtocolMismatch, "The server speaks no version of QUIC that this client speaks. One of them needs an update.", e),
        QuicError.TransportError when e.TransportErrorCode == NoApplicationProtocol =>
            new(RpcConnectionError.ProtocolMismatch, "The server speaks another version of the protocol than this client (qpc/1). One of them needs an update.", e),
        QuicError.OperationAborted => new(RpcConnectionError.ClosedHere, "The connection was closed by this end.", e),
        _ => new(RpcConnectionError.Lost, e.Message, e),
    };

    private static string SentenceOf(CloseCode code, string? reason) => code switch
    {
        CloseCode.None => "The peer closed the connection.",
        CloseCode.Draining => "The server is going away; it is restarted or stopped by its operator.",
        CloseCode.DeviceRevoked => "This device was removed from its account.",
        CloseCode.Replaced => "The same device connected from somewhere else.",
        CloseCode.RateLimited => "The server closed the connection: it asked too much.",
        CloseCode.AuthenticationTimeout => "The server closed the connection: nobody authenticated in time.",
        _ => $"The peer closed the connection with code {(long)code}{(string.IsNullOrEmpty(reason) ? "" : $" ({Printable(reason)})")}.",
    };

    /// <summary>The peer's words, of which a terminal gets only what is text.</summary>
    private static string Printable(string reason) => string.Concat(reason.Select(static c => char.IsControl(c) ? '?' : c));
}
