using System.Net;
using Microsoft.Extensions.Logging;

namespace Quicprochat.Transport;

/// <summary>What the transport logs. Never a secret, never a payload.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {LocalEndPoint} for {Protocols}.")]
    public static partial void Listening(ILogger log, IPEndPoint localEndPoint, string protocols);

    [LoggerMessage(2, LogLevel.Debug, "{Connection} dials {RemoteEndPoint}.")]
    public static partial void Dialling(ILogger log, QuicConnection connection, IPEndPoint remoteEndPoint);

    [LoggerMessage(3, LogLevel.Information, "{Connection} is established with {RemoteEndPoint}: {Protocol}, {Group}, {CipherSuite}.")]
    public static partial void Established(ILogger log, QuicConnection connection, IPEndPoint remoteEndPoint, string protocol, string group, string cipherSuite);

    [LoggerMessage(4, LogLevel.Information, "{Connection} was not established with {RemoteEndPoint}: {Reason}")]
    public static partial void NotEstablished(ILogger log, QuicConnection connection, IPEndPoint remoteEndPoint, string reason);

    [LoggerMessage(5, LogLevel.Information, "{Connection} ended: {Reason}")]
    public static partial void Closed(ILogger log, QuicConnection connection, string reason);

    [LoggerMessage(6, LogLevel.Information, "{Connection} moved to {RemoteEndPoint}.")]
    public static partial void PathChanged(ILogger log, QuicConnection connection, IPEndPoint remoteEndPoint);

    [LoggerMessage(7, LogLevel.Information, "A connection from {RemoteEndPoint} was refused: {Reason}")]
    public static partial void Refused(ILogger log, IPEndPoint remoteEndPoint, string reason);

    [LoggerMessage(8, LogLevel.Information, "The endpoint moved to {LocalEndPoint}.")]
    public static partial void Rebound(ILogger log, IPEndPoint localEndPoint);

    [LoggerMessage(9, LogLevel.Error, "{Connection}: a callback of the application failed.")]
    public static partial void CallbackFailed(ILogger log, QuicConnection connection, Exception exception);

    [LoggerMessage(10, LogLevel.Error, "{Connection} was closed for a bug of this end.")]
    public static partial void ConnectionFaulted(ILogger log, QuicConnection connection, Exception exception);

    [LoggerMessage(11, LogLevel.Error, "A datagram could not be handled for a bug of this end.")]
    public static partial void DatagramFailed(ILogger log, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "Something asked of the endpoint failed for a bug of this end.")]
    public static partial void WorkFailed(ILogger log, Exception exception);

    [LoggerMessage(12, LogLevel.Critical, "The endpoint's loop ended for a bug of this end.")]
    public static partial void LoopFailed(ILogger log, Exception exception);
}
