using System.Threading.Channels;
using Google.Protobuf;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Framing;
using Quicprochat.Rpc.Pushes;

namespace Quicprochat.Rpc.Calls;

/// <summary>The client's end of a connection: makes calls, as many at once as the server allows, and hands out pushes in order.</summary>
public sealed class RpcClient : IAsyncDisposable
{
    private readonly RpcClientOptions _options;
    private readonly Channel<RpcPush> _pushes;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _reading;
    private int _requestId;
    private int _disposed;

    /// <summary>Takes a connection over, and disposes it with itself.</summary>
    public RpcClient(IRpcConnection connection, RpcClientOptions? options = null)
    {
        Connection = connection;
        _options = options ?? new RpcClientOptions();
        _pushes = Channel.CreateBounded<RpcPush>(new BoundedChannelOptions(_options.PushesMax) { SingleWriter = true });
        _reading = ReadPushesAsync();
    }

    /// <summary>What carries the calls.</summary>
    public IRpcConnection Connection { get; }

    /// <summary>Calls a method with the method's own timeout and waits for its answer.</summary>
    /// <exception cref="RpcException">The answer is a status other than Ok, or the time was over.</exception>
    /// <exception cref="RpcConnectionException">The connection ended before the answer; nobody knows whether the call was carried out.</exception>
    public ValueTask<TResponse> CallAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => CallAsync(method, request, method.Timeout, cancellationToken);

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="request">What to ask.</param>
    /// <param name="timeout">How long the call may take, here and at the server.</param>
    /// <param name="cancellationToken">Gives the call up, here and at the server.</param>
    /// <exception cref="RpcException">The answer is a status other than Ok, or the time was over.</exception>
    /// <exception cref="RpcConnectionException">The connection ended before the answer; nobody knows whether the call was carried out.</exception>
    public async ValueTask<TResponse> CallAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan timeout, CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var late = new CancellationTokenSource(timeout, _options.TimeProvider);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await ExchangeAsync(method, request, timeout, call.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(RpcStatus.DeadlineExceeded, ErrorCodes.CallTimedOut, $"The server did not answer {method} in {timeout.TotalSeconds:0.#} s.");
        }
        catch (RpcStreamAbortedException e)
        {
            throw new RpcException(RpcStatus.Cancelled, ErrorCodes.CallCancelled, $"The server gave {method} up with code {e.Code}.");
        }
    }

    /// <summary>Pushes in order, until the connection ends. For one reader; what it does not read holds the server back.</summary>
    public IAsyncEnumerable<RpcPush> ReadPushesAsync(CancellationToken cancellationToken) => _pushes.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _ended.CancelAsync();
            await Connection.DisposeAsync();
            await _reading;
            _ended.Dispose();
        }
    }

    private async ValueTask<TResponse> ExchangeAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan timeout, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        uint id = unchecked((uint)Interlocked.Increment(ref _requestId));
        await using IRpcStream stream = await Connection.OpenStreamAsync(bidirectional: true, cancellationToken);
        using var buffer = new FrameBuffer();
        try
        {
            var header = new RequestHeader(method.Number, id, (uint)Math.Clamp(timeout.TotalMilliseconds, 1, uint.MaxValue), 0);
            await FrameWriting.WriteRequestAsync(stream, header, request, cancellationToken);
            ResponseHeader response = await ReadResponseAsync(stream, buffer, cancellationToken);
            return Parse(method, id, response, buffer.Span[FrameLimits.ResponseHeader..]);
        }
        catch (OperationCanceledException)
        {
            stream.Abort(StreamCode.Cancelled);
            throw;
        }
    }

    private static async ValueTask<ResponseHeader> ReadResponseAsync(IRpcStream stream, FrameBuffer buffer, CancellationToken cancellationToken)
    {
        ResponseHeader header = default;
        int wanted = int.MaxValue;
        int count;
        while ((count = await stream.ReadAsync(buffer.GetMemory(), cancellationToken)) > 0)
        {
            buffer.Advance(count);
            if (wanted == int.MaxValue && ResponseHeader.TryRead(buffer.Span, out header))
            {
                wanted = header.Length <= FrameLimits.PayloadMax ? FrameLimits.ResponseHeader + (int)header.Length : -1;
            }
            if (buffer.Count > wanted)
            {
                throw Malformed();
            }
        }
        return buffer.Count == wanted ? header : throw Malformed();
    }

    private static TResponse Parse<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, uint id, ResponseHeader header, ReadOnlySpan<byte> payload)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (header.RequestId != id)
        {
            throw Malformed();
        }
        try
        {
            return header.Status == RpcStatus.Ok ? method.ResponseParser.ParseFrom(payload) : throw RpcException.Of(header.Status, ErrorDetail.Parser.ParseFrom(payload));
        }
        catch (InvalidProtocolBufferException)
        {
            throw Malformed();
        }
    }

    private static RpcException Malformed() => new(RpcStatus.Internal, ErrorCodes.FrameMalformed, "The server's answer is malformed.");

    /// <summary>Takes the push stream, and keeps looking for the end of the connection.</summary>
    private async Task ReadPushesAsync()
    {
        Task? pushes = null;
        try
        {
            while (true)
            {
                IRpcStream stream = await Connection.AcceptStreamAsync(_ended.Token);
                if (stream.IsBidirectional || pushes is not null)
                {
                    stream.Abort(StreamCode.Unexpected);
                    await stream.DisposeAsync();
                    continue;
                }
                pushes = ReadStreamAsync(stream);
            }
        }
        catch (Exception e) when (e is RpcConnectionException or OperationCanceledException or ObjectDisposedException)
        {
            // The end of it.
        }
        await (pushes ?? Task.CompletedTask);
        _pushes.Writer.TryComplete();
    }

    private async Task ReadStreamAsync(IRpcStream stream)
    {
        try
        {
            await using (stream)
            {
                await PushReader.ReadAsync(stream, _pushes.Writer, _ended.Token);
            }
        }
        catch (Exception e) when (e is RpcConnectionException or RpcStreamAbortedException or OperationCanceledException or ObjectDisposedException)
        {
            // Without its pushes a connection is of no use.
            await Connection.CloseAsync(CloseCode.ProtocolError, "the push stream broke off");
        }
    }
}
