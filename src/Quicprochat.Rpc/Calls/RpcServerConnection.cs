using System.Collections.Frozen;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Framing;
using Quicprochat.Rpc.Pushes;

namespace Quicprochat.Rpc.Calls;

/// <summary>The server's end of a connection: answers calls, each on its stream and by itself, and pushes.</summary>
public sealed partial class RpcServerConnection<TSession>
    where TSession : IRpcSession
{
    private readonly IRpcConnection _connection;
    private readonly FrozenDictionary<ushort, RegisteredMethod<TSession>> _methods;
    private readonly TSession _session;
    private readonly RpcServerOptions _options;
    private readonly PushWriter _pushes;

    /// <summary>A connection that serves nobody yet.</summary>
    public RpcServerConnection(IRpcConnection connection, RpcRegistry<TSession> registry, TSession session, RpcServerOptions options)
    {
        _connection = connection;
        _methods = registry.Freeze();
        _session = session;
        _options = options;
        _pushes = new PushWriter(connection);
    }

    /// <summary>Serves until the connection ends or the token does; never fails for what a peer sends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(_options.CallsMax);
        int taken = 0;
        try
        {
            while (true)
            {
                await places.WaitAsync(ended.Token);
                taken = 1;
                IRpcStream stream = await _connection.AcceptStreamAsync(ended.Token);
                taken = 0;
                _ = ServeAndReleaseAsync(stream, places, ended.Token);
            }
        }
        catch (Exception e) when (e is RpcConnectionException or OperationCanceledException)
        {
            // The end of it.
        }
        finally
        {
            await ended.CancelAsync();

            // Every call gives its place back; when all are there the last call is over.
            for (int i = taken; i < _options.CallsMax; i++)
            {
                await places.WaitAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Pushes, after what was pushed before; waits while the peer takes no more.</summary>
    public ValueTask PushAsync<TMessage>(RpcEvent<TMessage> push, TMessage message, CancellationToken cancellationToken = default)
        where TMessage : class, IMessage<TMessage> => _pushes.WriteAsync(push.Number, message, cancellationToken);

    private async Task ServeAndReleaseAsync(IRpcStream stream, SemaphoreSlim places, CancellationToken ended)
    {
        try
        {
            await using (stream)
            {
                if (stream.IsBidirectional)
                {
                    await ServeAsync(stream, ended);
                }
                else
                {
                    stream.Abort(StreamCode.Unexpected);
                }
            }
        }
        catch (Exception e) when (e is RpcConnectionException or RpcStreamAbortedException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller went, or does not want the answer.
        }
        catch (Exception e)
        {
            LogFault(_options.Logger, e, "a stream");
        }
        finally
        {
            places.Release();
        }
    }

    private async Task ServeAsync(IRpcStream stream, CancellationToken ended)
    {
        using var buffer = new FrameBuffer();
        using var time = new CancellationTokenSource(_options.RequestTimeout, _options.TimeProvider);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(ended, time.Token);
        RequestHeader header;
        RpcException answer;
        try
        {
            header = await RequestReading.ReadAsync(stream, buffer, call.Token);
            await AnswerAsync(stream, header, buffer, (time, call));
            return;
        }
        catch (RequestException e)
        {
            header = e.Header;
            answer = e.Answer;
        }
        if (header == default)
        {
            stream.Abort(StreamCode.ProtocolError);
            return;
        }
        await FrameWriting.WriteResponseAsync(stream, answer.Status, header.RequestId, answer.ToDetail(), ended);
    }

    private async Task AnswerAsync(IRpcStream stream, RequestHeader header, FrameBuffer buffer, (CancellationTokenSource Time, CancellationTokenSource All) call)
    {
        if (!_methods.TryGetValue(header.Method, out RegisteredMethod<TSession>? method))
        {
            var unknown = new RpcException(RpcStatus.Unimplemented, ErrorCodes.MethodUnknown, $"This server has no method {header.Method}. A newer server may have it.");
            await FrameWriting.WriteResponseAsync(stream, unknown.Status, header.RequestId, unknown.ToDetail(), call.All.Token);
            return;
        }
        call.Time.CancelAfter(TimeoutOf(method.Method, header));
        long began = _options.TimeProvider.GetTimestamp();
        _options.Observer?.OnCallStarted(method.Method);
        RpcStatus status = RpcStatus.Internal;
        try
        {
            (status, IMessage response) = await DecideAsync(stream, method, buffer, call);
            await FrameWriting.WriteResponseAsync(stream, status, header.RequestId, response, CancellationToken.None);
        }
        finally
        {
            _options.Observer?.OnCallEnded(method.Method, status, _options.TimeProvider.GetElapsedTime(began));
        }
    }

    private async ValueTask<(RpcStatus Status, IMessage Response)> DecideAsync(
        IRpcStream stream, RegisteredMethod<TSession> method, FrameBuffer buffer, (CancellationTokenSource Time, CancellationTokenSource All) call)
    {
        RpcException refusal;
        try
        {
            if (!method.Method.IsOpen && !_session.IsAuthenticated)
            {
                throw new RpcException(RpcStatus.Unauthenticated, ErrorCodes.AuthenticationRequired, $"Authenticate before {method.Method}.");
            }
            if (_options.Gate?.Invoke(method.Method) is { } closed)
            {
                throw closed;
            }
            ValueTask<IMessage> response = method.InvokeAsync(_session, buffer.Span[FrameLimits.RequestHeader..], call.All.Token);
            if (response.IsCompleted)
            {
                return (RpcStatus.Ok, await response);
            }
            using var unwanted = new UnwantedCall(stream.WritesClosed, call.All);
            return (RpcStatus.Ok, await response);
        }
        catch (RpcException e)
        {
            refusal = e;
        }
        catch (OperationCanceledException) when (call.Time.IsCancellationRequested)
        {
            refusal = new RpcException(RpcStatus.DeadlineExceeded, ErrorCodes.CallTimedOut, $"{method.Method} took too long.");
        }
        catch (OperationCanceledException)
        {
            refusal = new RpcException(RpcStatus.Cancelled, ErrorCodes.CallCancelled, "The caller gave up.");
        }
        catch (Exception e)
        {
            LogFault(_options.Logger, e, method.Method.Name);
            refusal = new RpcException(RpcStatus.Internal, ErrorCodes.ServerFault, "The server has a fault; its log says more.");
        }
        return (refusal.Status, refusal.ToDetail());
    }

    private TimeSpan TimeoutOf(RpcMethod method, RequestHeader header)
    {
        TimeSpan asked = header.TimeoutMs == 0 ? method.Timeout : TimeSpan.FromMilliseconds(header.TimeoutMs);
        return asked < _options.CallTimeoutMax ? asked : _options.CallTimeoutMax;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A fault of this server in {Place}.")]
    private static partial void LogFault(ILogger logger, Exception exception, string place);
}
