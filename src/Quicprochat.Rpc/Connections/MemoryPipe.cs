using System.Threading.Channels;

namespace Quicprochat.Rpc.Connections;

#pragma warning disable CA1001 // The token source has no timer and no handle: nothing is left when it is collected.
/// <summary>Bytes from one end of a memory connection to the other, a bounded number of writes at a time.</summary>
internal sealed class MemoryPipe(MemoryRpcConnection writer, MemoryRpcConnection reader)
#pragma warning restore CA1001
{
    private const int WritesMax = 16;

    private readonly Channel<byte[]> _chunks = Channel.CreateBounded<byte[]>(WritesMax);
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlyMemory<byte> _rest;
    private bool _finished;
    private long _code;

    /// <summary>1 once the writer has ended, or one of the two has given up.</summary>
    private int _over;

    /// <summary>Completes when the reader has all, or one of the two gave up.</summary>
    public Task Closed => _closed.Task;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_finished)
        {
            return 0;
        }
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _aborted.Token, reader.EndedToken);
        while (_rest.IsEmpty)
        {
            try
            {
                ThrowIfOver(reader);
                _rest = await _chunks.Reader.ReadAsync(any.Token);
            }
            catch (ChannelClosedException)
            {
                ThrowIfOver(reader);
                _finished = true;
                _closed.TrySetResult();
                return 0;
            }
            catch (OperationCanceledException)
            {
                ThrowIfOver(reader);
                throw;
            }
        }
        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool end, CancellationToken cancellationToken)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _aborted.Token, writer.EndedToken);
        try
        {
            ThrowIfOver(writer);
            if (buffer.Length > 0)
            {
                await _chunks.Writer.WriteAsync(buffer.ToArray(), any.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            ThrowIfOver(writer);
            throw;
        }
        if (end && Interlocked.Exchange(ref _over, 1) == 0)
        {
            _chunks.Writer.TryComplete();
        }
    }

    /// <summary>Either end gives up. What was written and ended is still read, as it is when QUIC has it on its way.</summary>
    public void Abort(long code)
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            _code = code;
            _aborted.Cancel();
            _chunks.Writer.TryComplete();
        }
        _closed.TrySetResult();
    }

    private void ThrowIfOver(MemoryRpcConnection end)
    {
        if (end.EndedToken.IsCancellationRequested)
        {
            throw end.EndOf();
        }
        if (_aborted.IsCancellationRequested)
        {
            throw new RpcStreamAbortedException(_code);
        }
    }
}
