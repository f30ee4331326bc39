namespace Quicprochat.Rpc.Connections;

/// <summary>One stream of a connection. Disposing it gives up what is not finished.</summary>
public interface IRpcStream : IAsyncDisposable
{
    /// <summary>Whether both ends may write.</summary>
    bool IsBidirectional { get; }

    /// <summary>Reads up to the length of <paramref name="buffer"/>; 0 at the end.</summary>
    /// <exception cref="RpcStreamAbortedException">The peer gave the stream up.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Writes, and ends this side behind it when <paramref name="end"/>.</summary>
    /// <exception cref="RpcStreamAbortedException">The peer reads no more.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool end, CancellationToken cancellationToken = default);

    /// <summary>Gives up both directions with a code.</summary>
    void Abort(StreamCode code);

    /// <summary>Ends, well or not, when the peer has all that was written, has given up reading, or the connection has ended.</summary>
    Task WritesClosed { get; }
}
