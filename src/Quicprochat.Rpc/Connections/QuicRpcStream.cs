using Quicprochat.Transport;

namespace Quicprochat.Rpc.Connections;

/// <summary>A QUIC stream as calls and pushes see it.</summary>
internal sealed class QuicRpcStream(QuicRpcConnection connection, QuicStream stream) : IRpcStream
{
    public bool IsBidirectional => stream.Type == QuicStreamType.Bidirectional;

    public Task WritesClosed => stream.WritesClosed;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (QuicException e)
        {
            throw Explain(e);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool end, CancellationToken cancellationToken = default)
    {
        try
        {
            await stream.WriteAsync(buffer, end, cancellationToken);
        }
        catch (QuicException e)
        {
            throw Explain(e);
        }
    }

    public void Abort(StreamCode code) => stream.Abort(QuicAbortDirection.Both, (long)code);

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private Exception Explain(QuicException e) => e.QuicError == QuicError.StreamAborted ? new RpcStreamAbortedException(e.ApplicationErrorCode ?? 0) : connection.Ended(e);
}
