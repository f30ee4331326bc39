using System.Security.Authentication;
using Quicprochat.Quic;
using Quicprochat.Transport.Certificates;

namespace Quicprochat.Transport;

/// <summary>Why operations fail from now on. Each of them gets an exception of its own, with its own stack trace.</summary>
internal sealed record Failure(QuicError Error, string Message)
{
    public long? ApplicationErrorCode { get; init; }

    public long? TransportErrorCode { get; init; }

    public string? Reason { get; init; }

    public Exception? Inner { get; init; }

    /// <summary>True when TLS failed: whoever waits for the handshake gets an <see cref="AuthenticationException"/>, as from SslStream.</summary>
    public bool IsAuthentication { get; init; }

    public QuicException ToException() => new(Error, ApplicationErrorCode, Message, Inner) { TransportErrorCode = TransportErrorCode, Reason = Reason };

    public Exception ToHandshakeException() => IsAuthentication ? new AuthenticationException(Message, ToException()) : ToException();

    /// <summary>How a connection ended, as its users see it.</summary>
    public static Failure Of(ConnectionClose close, CertificateValidator? validator, string? targetHost)
    {
        bool tls = close.Code >= (long)Quic.TransportErrorCode.CryptoError && close.Code < (long)Quic.TransportErrorCode.CryptoError + 0x100;
        string code = tls ? $"TLS alert {close.Code - (long)Quic.TransportErrorCode.CryptoError}" : $"error 0x{close.Code:x}";
        return close.Kind switch
        {
            CloseKind.LocalApplication => new(QuicError.OperationAborted, "The connection was closed by this end."),
            CloseKind.PeerApplication => new(QuicError.ConnectionAborted, $"The peer closed the connection with code {close.Code}{Quote(close.Reason)}.")
            {
                ApplicationErrorCode = close.Code,
                Reason = close.Reason,
            },
            CloseKind.LocalTransport when tls && validator is { Fault: not CertificateFault.None } => OfCertificate(close, validator, targetHost),
            CloseKind.LocalTransport when close.Code == (long)Quic.TransportErrorCode.InternalError =>
                OfTransport(QuicError.InternalError, $"The connection was closed for a bug of this end{Quote(close.Reason)}.", close),
            CloseKind.LocalTransport => OfTransport(QuicError.TransportError, $"This end closed the connection ({code}){Quote(close.Reason)}.", close) with { IsAuthentication = tls },
            CloseKind.PeerTransport when close.Code == (long)Quic.TransportErrorCode.ConnectionRefused =>
                OfTransport(QuicError.ConnectionRefused, $"The server refused the connection{Quote(close.Reason)}.", close),
            CloseKind.PeerTransport => OfTransport(QuicError.TransportError, $"The peer closed the connection ({code}){Quote(close.Reason)}.", close) with { IsAuthentication = tls },
            CloseKind.IdleTimeout => new(QuicError.ConnectionIdle, "Nothing was heard of the peer for the idle timeout."),
            CloseKind.HandshakeTimeout => new(QuicError.ConnectionTimeout, "The handshake was not complete in time."),
            CloseKind.StatelessReset => new(QuicError.ConnectionAborted, "The peer has lost the connection's state (stateless reset)."),
            CloseKind.VersionNegotiation => new(QuicError.VersionNegotiationError, "The peer speaks no version of QUIC that this end speaks."),
            _ => new(QuicError.InternalError, "The connection ended for an unknown reason."),
        };
    }

    private static Failure OfCertificate(ConnectionClose close, CertificateValidator validator, string? targetHost) =>
        OfTransport(validator.CallbackException is null ? QuicError.TransportError : QuicError.CallbackError, validator.Fault.Explain(targetHost), close) with
        {
            IsAuthentication = validator.CallbackException is null,
            Inner = validator.CallbackException,
        };

    private static Failure OfTransport(QuicError error, string message, ConnectionClose close) =>
        new(error, message) { TransportErrorCode = close.Code, Reason = close.Reason };

    private static string Quote(string reason) => reason.Length == 0 ? "" : $": {reason}";
}
