namespace Quicprochat.Rpc.Connections;

/// <summary>One end of a stream in memory.</summary>
internal sealed class MemoryRpcStream(MemoryPipe? read, MemoryPipe? write) : IRpcStream
{
    public bool IsBidirectional => read is not null && write is not null;

    public Task WritesClosed => write?.Closed ?? Task.CompletedTask;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        (read ?? throw new InvalidOperationException("This stream is for writing only.")).ReadAsync(buffer, cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool end, CancellationToken cancellationToken = default) =>
        (write ?? throw new InvalidOperationException("This stream is for reading only.")).WriteAsync(buffer, end, cancellationToken);

    public void Abort(StreamCode code)
    {
        read?.Abort((long)code);
        write?.Abort((long)code);
    }

    public ValueTask DisposeAsync()
    {
        Abort(StreamCode.Cancelled);
        return ValueTask.CompletedTask;
    }
}
