using Microsoft.Extensions.Logging;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>Drops what is past its time, now and then.</summary>
internal sealed partial class RetentionSweep(IServerStore store, RateLimits rates, TimeProvider clock, ILogger<RetentionSweep> logger)
{
    /// <summary>Runs until the token ends it.</summary>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await SweepAsync(cancellationToken);
                rates.Forget();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            SweepResult swept = await store.SweepAsync(clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
            if (swept != default)
            {
                LogSwept(logger, swept);
            }
        }
        catch (StorageException e)
        {
            LogFault(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped what was past its time: {Swept}.")]
    private static partial void LogSwept(ILogger logger, SweepResult swept);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is past its time cannot be dropped; the next attempt follows.")]
    private static partial void LogFault(ILogger logger, Exception exception);
}
