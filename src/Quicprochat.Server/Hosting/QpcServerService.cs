using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Quicprochat.Server.Hosting;

/// <summary>Starts and stops a <see cref="QpcServer"/> with its host.</summary>
public sealed class QpcServerService : IHostedService, IAsyncDisposable
{
    private readonly QpcServerOptions _options;
    private QpcServer? _server;

    /// <summary>A service of a host.</summary>
    public QpcServerService(IOptions<QpcServerOptions> options, ILoggerFactory loggerFactory)
    {
        _options = options.Value;
        _options.LoggerFactory ??= loggerFactory;
    }

    /// <summary>The server, once the host has started.</summary>
    /// <exception cref="InvalidOperationException">The host has not started.</exception>
    public QpcServer Server => _server ?? throw new InvalidOperationException("The host has not started the server yet.");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken) => _server = await QpcServer.StartAsync(_options, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
