using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Sdk.Identity;

namespace Quicprochat.Sdk.Session;

/// <summary>
/// The connection to the server over time: made, authenticated, lost, made again. While it is being made again calls wait; when nobody tries any more they fail.
/// </summary>
internal sealed class ServerSession : IAsyncDisposable
{
    /// <summary>A connection that lasted so long was a good one: the next delay is the first again.</summary>
    private static readonly TimeSpan _goodAfter = TimeSpan.FromSeconds(10);

    private readonly QpcClientOptions _options;
    private readonly ServerDoor _door;
    private readonly DeviceIdentity _device;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private TaskCompletionSource<Attachment> _attached = NewAttached();
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    public ServerSession(QpcClientOptions options, ServerDoor door, DeviceIdentity device)
    {
        _options = options;
        _door = door;
        _device = device;
        _logger = options.LoggerFactory.CreateLogger<ServerSession>();
    }

    /// <summary>Works with a connection until it ends: subscribes, receives, sends. Begins anew with the next connection.</summary>
    public Func<Attachment, CancellationToken, Task> ServeAsync { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Told of every change of <see cref="State"/>.</summary>
    public Action<ConnectionState, QpcException?> Changed { get; set; } = static (_, _) => { };

    public ConnectionState State { get; private set; }

    public QpcException? Problem { get; private set; }

    public string? Security { get; private set; }

    /// <summary>Makes the first connection, and keeps it from then on. Does nothing when that is so already.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        CancellationTokenSource stop;
        lock (_lock)
        {
            if (_stop is not null)
            {
                return;
            }
            _stop = stop = new CancellationTokenSource();
        }
        await _running;
        SetState(ConnectionState.Connecting, null);
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
            Attachment attachment = await AttachAsync(both.Token);
            _running = RunAsync(attachment, stop);
        }
        catch (Exception e)
        {
            QpcException? problem = e is OperationCanceledException ? null : Problems.ExplainAll(e);
            GoOffline(stop, problem);
            throw problem ?? e;
        }
    }

    /// <summary>Ends the connection and all attempts to make one.</summary>
    public async Task DisconnectAsync()
    {
        CancellationTokenSource? stop;
        lock (_lock)
        {
            stop = _stop;
        }
        if (stop is not null)
        {
            await stop.CancelAsync();
        }
        await _running;
    }

    /// <summary>Calls the server, and waits for a connection while one is being made. An idempotent call is repeated when the connection is lost or the server says that it may.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        const int attemptsMax = 20;
        for (int attempt = 1; ; attempt++)
        {
            Attachment attachment = await AttachedAsync(cancellationToken);
            TimeSpan delay;
            try
            {
                return await attachment.Rpc.CallAsync(method, request, cancellationToken);
            }
            catch (RpcConnectionException e) when (method.IsIdempotent && attempt < attemptsMax)
            {
                _logger.LogDebug(e, "A call is repeated");
                await attachment.Rpc.Connection.Closed.WaitAsync(cancellationToken);
                Detach(attachment);
                continue;
            }
            catch (RpcException e) when (e.IsRetriable && method.IsIdempotent && attempt < attemptsMax)
            {
                _logger.LogDebug(e, "A call is repeated");
                delay = e.RetryAfter > TimeSpan.Zero ? e.RetryAfter : Jitter(attempt);
            }
            await Task.Delay(delay, _options.TimeProvider, cancellationToken);
        }
    }

    /// <summary>The connection; waits while one is being made.</summary>
    /// <exception cref="QpcException"><see cref="QpcError.NotConnected"/>: nobody tries.</exception>
    public Task<Attachment> AttachedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return State == ConnectionState.Offline
                ? Task.FromException<Attachment>(Problem is null ? Problems.NotConnected() : new QpcException(QpcError.NotConnected, Problem.Message, Problem.Remedy, Problem))
                : _attached.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await DisconnectAsync();

    private static TaskCompletionSource<Attachment> NewAttached() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<Attachment> AttachAsync(CancellationToken cancellationToken)
    {
        RpcClient rpc = await _door.OpenAsync(cancellationToken);
        try
        {
            return new Attachment(rpc, await Authentication.ProveAsync(rpc, _device, cancellationToken));
        }
        catch
        {
            await rpc.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves the first connection and all that follow, until told to stop or until trying again is of no use.</summary>
    private async Task RunAsync(Attachment first, CancellationTokenSource stop)
    {
        Attachment? given = first;
        QpcException? problem = null;
        ResiliencePipeline pipeline = BuildPipeline();
        try
        {
            while (true)
            {
                await pipeline.ExecuteAsync(
                    async cancellationToken =>
                    {
                        Attachment attachment = Interlocked.Exchange(ref given, null) ?? await AttachAsync(cancellationToken);
                        await ServeOneAsync(attachment, cancellationToken);
                    },
                    stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As asked.
        }
        catch (Exception e)
        {
            problem = Problems.ExplainAll(e);
            _logger.LogWarning(e, "No connection is tried any more");
        }
        finally
        {
            if (given is not null)
            {
                await given.Rpc.DisposeAsync();
            }
            GoOffline(stop, problem);
        }
    }

    private ResiliencePipeline BuildPipeline() => new ResiliencePipelineBuilder { TimeProvider = _options.TimeProvider }
        .AddRetry(new RetryStrategyOptions
        {
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = NextDouble,
            Delay = _options.Reconnect.FirstDelay,
            MaxDelay = _options.Reconnect.DelayMax,
            MaxRetryAttempts = _options.Reconnect.AttemptsMax ?? int.MaxValue,
            ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is { } e and not OperationCanceledException && Problems.IsPassing(Problems.ExplainAll(e))),
            OnRetry = arguments =>
            {
                _logger.LogDebug(arguments.Outcome.Exception, "There is no connection; it is tried again");
                SetState(ConnectionState.Reconnecting, Problems.ExplainAll(arguments.Outcome.Exception!));
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>Returns when a good connection is over, throws when a bad one is.</summary>
    private async Task ServeOneAsync(Attachment attachment, CancellationToken stop)
    {
        long began = _options.TimeProvider.GetTimestamp();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Security = attachment.Rpc.Connection.Security;
        SetState(ConnectionState.Connected, null);
        lock (_lock)
        {
            _attached.TrySetResult(attachment);
        }
        Exception? failure = null;
        try
        {
            Task serving = ServeAsync(attachment, ended.Token);
            await Task.WhenAny(serving, attachment.Rpc.Connection.Closed.WaitAsync(stop));
            failure = attachment.Rpc.Connection.Closed.IsCompleted ? await WhyAsync(attachment.Rpc.Connection) : null;
            await ended.CancelAsync();
            await serving;
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            failure ??= e is OperationCanceledException ? null : e;
        }
        finally
        {
            Detach(attachment);
            Security = null;
            await attachment.Rpc.DisposeAsync();
        }
        stop.ThrowIfCancellationRequested();
        QpcException problem = failure is null ? Problems.NotConnected() : Problems.ExplainAll(failure);
        SetState(ConnectionState.Reconnecting, problem);
        if (!Problems.IsPassing(problem) || _options.TimeProvider.GetElapsedTime(began) < _goodAfter)
        {
            throw problem;
        }
    }

    /// <summary>Why a connection that is closed was closed.</summary>
    private static async Task<Exception> WhyAsync(IRpcConnection connection)
    {
        try
        {
            await using IRpcStream stream = await connection.OpenStreamAsync(bidirectional: true, CancellationToken.None);
            return Problems.NotConnected();
        }
        catch (RpcConnectionException e)
        {
            return e;
        }
    }

    private void Detach(Attachment attachment)
    {
        lock (_lock)
        {
            if (_attached.Task.IsCompletedSuccessfully && ReferenceEquals(_attached.Task.Result, attachment))
            {
                _attached = NewAttached();
            }
        }
    }

    private void GoOffline(CancellationTokenSource stop, QpcException? problem)
    {
        TaskCompletionSource<Attachment> waiting;
        lock (_lock)
        {
            _stop = null;
            waiting = _attached;
            _attached = NewAttached();
        }
        SetState(ConnectionState.Offline, problem);
        waiting.TrySetException(problem is null ? Problems.NotConnected() : new QpcException(QpcError.NotConnected, problem.Message, problem.Remedy, problem));
        _ = waiting.Task.Exception;
        stop.Dispose();
    }

    private void SetState(ConnectionState state, QpcException? problem)
    {
        lock (_lock)
        {
            if (State == state && state != ConnectionState.Reconnecting)
            {
                return;
            }
            (bool same, State, Problem) = (State == state && Problem?.Error == problem?.Error, state, problem);
            if (same)
            {
                return;
            }
        }
        Changed(state, problem);
    }

    private TimeSpan Jitter(int attempt) => TimeSpan.FromMilliseconds(Math.Min(5_000, 50 << Math.Min(attempt, 6)) * (0.5 + NextDouble()));

    private double NextDouble()
    {
        Span<byte> bytes = stackalloc byte[4];
        _options.Random.Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (uint.MaxValue + 1.0);
    }
}
