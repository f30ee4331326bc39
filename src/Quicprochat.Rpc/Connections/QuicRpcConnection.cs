using System.Security.Cryptography.X509Certificates;
using Quicprochat.Transport;
using Quicprochat.Transport.Certificates;

namespace Quicprochat.Rpc.Connections;

/// <summary>A QUIC connection as calls and pushes see it.</summary>
public sealed class QuicRpcConnection : IRpcConnection
{
    private readonly QuicConnection _connection;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RpcConnectionException? _end;

    /// <summary>Takes a connection over.</summary>
    /// <param name="connection">Established.</param>
    /// <param name="serverKeyHash">SHA-256 of the SubjectPublicKeyInfo of the certificate the server shows, 32 bytes.</param>
    public QuicRpcConnection(QuicConnection connection, ReadOnlyMemory<byte> serverKeyHash)
    {
        _connection = connection;
        ServerKeyHash = serverKeyHash;
    }

    /// <inheritdoc/>
    public string Protocol => _connection.NegotiatedApplicationProtocol.ToString();

    /// <inheritdoc/>
    public string RemoteAddress => _connection.RemoteEndPoint.ToString();

    /// <inheritdoc/>
    public string Security => $"{_connection.NegotiatedGroup}, {_connection.NegotiatedCipherSuite}";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ServerKeyHash { get; }

    /// <inheritdoc/>
    public Task Closed => _closed.Task;

    /// <summary>The hash of a certificate's key, as <see cref="ServerKeyHash"/> has it.</summary>
    public static ReadOnlyMemory<byte> HashOf(X509Certificate2 certificate) => System.Buffers.Text.Base64Url.DecodeFromChars(PublicKeyPin.Of(certificate));

    /// <inheritdoc/>
    public async ValueTask<IRpcStream> OpenStreamAsync(bool bidirectional, CancellationToken cancellationToken = default)
    {
        try
        {
            return new QuicRpcStream(this, await _connection.OpenOutboundStreamAsync(bidirectional ? QuicStreamType.Bidirectional : QuicStreamType.Unidirectional, cancellationToken));
        }
        catch (Exception e) when (e is QuicException or ObjectDisposedException)
        {
            throw Ended(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IRpcStream> AcceptStreamAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return new QuicRpcStream(this, await _connection.AcceptInboundStreamAsync(cancellationToken));
        }
        catch (Exception e) when (e is QuicException or ObjectDisposedException)
        {
            throw Ended(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ExportKeyingMaterialAsync(string label, int length, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _connection.ExportKeyingMaterialAsync(label, ReadOnlyMemory<byte>.Empty, length, cancellationToken);
        }
        catch (Exception e) when (e is QuicException or ObjectDisposedException or InvalidOperationException)
        {
            throw Ended(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CloseAsync(CloseCode code, string reason)
    {
        try
        {
            await _connection.CloseAsync((long)code, reason);
        }
        catch (Exception e) when (e is QuicException or ObjectDisposedException)
        {
            // It was closed before.
        }
        _closed.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _closed.TrySetResult();
    }

    /// <summary>
    /// What a failure says of the connection; a failure of the connection is also its end. The first one is the reason, for whoever asks: what follows is only that this end closes, too.
    /// </summary>
    internal RpcConnectionException Ended(Exception failure)
    {
        RpcConnectionException end = failure is QuicException quic
            ? QuicFailures.Explain(quic)
            : new RpcConnectionException(RpcConnectionError.ClosedHere, "The connection was closed by this end.", failure);
        RpcConnectionException first = Interlocked.CompareExchange(ref _end, end, null) ?? end;
        _closed.TrySetResult();
        return first == end ? end : new RpcConnectionException(first.Error, first.Message, failure) { PeerCode = first.PeerCode };
    }
}
