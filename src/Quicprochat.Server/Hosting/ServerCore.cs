using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Server.Handlers;
using Quicprochat.Server.KeyPackages;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Hosting;

/// <summary>The server without its socket: everything that serves a connection, whatever carries it.</summary>
internal sealed partial class ServerCore : IAsyncDisposable
{
    // Who goes on after so many refused calls does not read the answers.
    private const int RefusalsMax = 10_000;

    private readonly QpcServerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RateLimits _rates;
    private readonly ServerStatus _status;
    private readonly RpcRegistry<ClientSession> _registry;
    private readonly ConcurrentDictionary<ClientSession, Task> _serving = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IChangeReader _changes;
    private readonly Task _background;
    private int _disposed;

    /// <summary>Takes the store over, and begins what it does in the background.</summary>
    public ServerCore(IServerStore store, QpcServerOptions options, ServerIdentity identity, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _clock = clock;
        _logger = loggers.CreateLogger<ServerCore>();
        _rates = new RateLimits(options.Limits, clock);
        _status = new ServerStatus(clock);
        Store = store;
        var stocks = new KeyPackageStocks(store, new KeyPackageRules(options.CipherSuites), options.CipherSuites, _rates, clock);
        var accounts = new Accounts(store, options, identity, Sessions, clock);
        _registry = new ServerMethods(loggers.CreateLogger<ServerMethods>())
        {
            Auth = new AuthHandlers(accounts, new Authentication(store, options.Limits, Sessions, _rates, clock), stocks, _rates, clock),
            Delivery = new DeliveryHandlers(new Deliveries(store, Sessions, Meter, clock, loggers.CreateLogger<Deliveries>())),
            KeyPackages = new KeyPackageHandlers(stocks),
            Groups = new GroupHandlers(new GroupLogs(store, clock)),
            Users = new UserHandlers(accounts, _rates),
            Blobs = new BlobHandlers(new Blobs(store, _rates, clock)),
            Health = new HealthHandlers(options, identity, _status, Meter, clock),
        }.ToRegistry();
        _changes = store.OpenChanges();
        _background = Task.WhenAll(
            new ChangeFeed(store, Sessions, stocks, loggers.CreateLogger<ChangeFeed>()).RunAsync(_changes, _stopping.Token),
            new RetentionSweep(store, _rates, clock, loggers.CreateLogger<RetentionSweep>()).RunAsync(options.SweepInterval, _stopping.Token));
    }

    /// <summary>What it keeps.</summary>
    public IServerStore Store { get; }

    /// <summary>Its figures.</summary>
    public ServerMeter Meter { get; } = new();

    /// <summary>Its connections.</summary>
    public Sessions Sessions { get; } = new();

    /// <summary>Whether it has room for another connection.</summary>
    public bool TakesConnections => !_status.IsDraining && Meter.Connections < _options.Limits.ConnectionsMax;

    /// <summary>Serves a connection until it ends. A fault in it is its own.</summary>
    public void Serve(IRpcConnection connection)
    {
        var session = new ClientSession(connection, _rates.OpenCalls());
        Task serving = ServeAsync(session);
        _serving.TryAdd(session, serving);
        serving.ContinueWith(
            static (_, state) =>
            {
                (ServerCore core, ClientSession ended) = ((ServerCore, ClientSession))state!;
                core._serving.TryRemove(ended, out Task? _);
            },
            (this, session), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>
    /// Tells all clients, refuses new calls, waits for those in flight as long as the options say, and closes all connections. Afterwards nothing is served.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _status.Drain();
        TimeSpan limit = _options.DrainTimeout;
        var push = new DrainingPush { ClosesInMs = (uint)limit.TotalMilliseconds };
        foreach (ClientSession session in Sessions.All)
        {
            session.Notify((connection, stopped) => connection.PushAsync(Events.Draining, push, stopped));
        }
        using var late = new CancellationTokenSource(limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        bool idle = await CompletesAsync(Meter.WaitForIdleAsync(), either.Token);

        // What is answered still has to arrive; each connection closes when its last stream is done.
        await _stopping.CancelAsync();
        bool closed = idle && await CompletesAsync(Task.WhenAll(_serving.Values), either.Token);
        if (!closed)
        {
            LogImpatient(_logger, Meter.CallsInFlight, Meter.Connections);
            await CloseAllAsync();
        }
        await Task.WhenAll(_serving.Values);
    }

    /// <summary>Ends everything at once, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        _status.Drain();
        await _stopping.CancelAsync();
        await CloseAllAsync();
        await Task.WhenAll(_serving.Values);
        _changes.Dispose();
        await _background;
        await Store.DisposeAsync();
        Meter.Dispose();
        _stopping.Dispose();
    }

    private static async Task<bool> CompletesAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task CloseAllAsync()
    {
        foreach (ClientSession session in Sessions.All)
        {
            await session.Connection.CloseAsync(CloseCode.Draining, "The server is going away.");
        }
    }

    private async Task ServeAsync(ClientSession session)
    {
        IRpcConnection connection = session.Connection;
        if (!Sessions.TryAdd(session, _options.Limits.ConnectionsMax))
        {
            await connection.CloseAsync(CloseCode.RateLimited, "The server has as many connections as it takes.");
            await connection.DisposeAsync();
            return;
        }
        Meter.OnConnected();
        try
        {
            session.Rpc = new RpcServerConnection<ClientSession>(connection, _registry, session, OptionsOf(session));
            await using ITimer timer = _clock.CreateTimer(static state => _ = CloseUnauthenticatedAsync((ClientSession)state!), session, _options.AuthenticationTimeout, Timeout.InfiniteTimeSpan);
            await session.Rpc.RunAsync(_stopping.Token);
            if (_status.IsDraining)
            {
                await connection.CloseAsync(CloseCode.Draining, "The server is going away.");
            }
        }
        catch (Exception e)
        {
            LogFault(_logger, e, connection.RemoteAddress);
            await connection.CloseAsync(CloseCode.InternalError, "A fault of the server.");
        }
        finally
        {
            session.End();
            Sessions.Remove(session);
            Meter.OnDisconnected();
            await connection.DisposeAsync();
        }
    }

    private static async Task CloseUnauthenticatedAsync(ClientSession session)
    {
        if (!session.IsAuthenticated)
        {
            await session.Connection.CloseAsync(CloseCode.AuthenticationTimeout, "Nobody authenticated in time.");
        }
    }

    private RpcServerOptions OptionsOf(ClientSession session) => new()
    {
        CallsMax = _options.Limits.CallsPerConnectionMax,
        CallTimeoutMax = _options.CallTimeoutMax,
        Gate = method => Gate(session, method),
        Observer = Meter,
        Logger = _logger,
        TimeProvider = _clock,
    };

    private RpcException? Gate(ClientSession session, RpcMethod method)
    {
        if (_status.IsDraining && method != Methods.Health)
        {
            return Refusals.Draining();
        }
        if (session.TryCall(out TimeSpan wait, out int refusals))
        {
            return null;
        }
        if (refusals == RefusalsMax)
        {
            _ = session.Connection.CloseAsync(CloseCode.RateLimited, "Too many calls, after being told so.").AsTask();
        }
        return Refusals.RateLimited(wait, "calls on this connection");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A fault of this server ends the connection of {Remote}.")]
    private static partial void LogFault(ILogger logger, Exception exception, string remote);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The time to drain is over; {Calls} calls on {Connections} connections are cut off.")]
    private static partial void LogImpatient(ILogger logger, int calls, int connections);
}
