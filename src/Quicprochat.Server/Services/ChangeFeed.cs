using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>Tells connected devices what changed in the store, by this server or another one on the same data: device lists, and key packages that run low.</summary>
internal sealed partial class ChangeFeed(IServerStore store, Sessions sessions, KeyPackageStocks stocks, ILogger<ChangeFeed> logger)
{
    // Somebody with more company than this has the lists looked up when a member writes.
    private const int PeersMax = 10_000;

    /// <summary>Runs until the token ends it.</summary>
    public async Task RunAsync(IChangeReader changes, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HandleAsync(await changes.ReadAsync(cancellationToken), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (StorageException e) when (e.Fault == StorageFault.Closed)
            {
                return;
            }
            catch (Exception e)
            {
                LogFault(logger, e);
            }
        }
    }

    private async ValueTask HandleAsync(StoreChange change, CancellationToken cancellationToken)
    {
        switch (change)
        {
            case StoreChange.DevicesPublished published:
                await CutOffAsync(published.Account, cancellationToken);
                await TellPeersAsync(published, cancellationToken);
                break;
            case StoreChange.KeyPackageTaken taken:
                await TellStockAsync(taken.Device, cancellationToken);
                break;
            case StoreChange.Missed:
                foreach (string account in sessions.Accounts)
                {
                    await CutOffAsync(account, cancellationToken);
                }
                break;
        }
    }

    /// <summary>Closes the connections of devices that their account no longer lists.</summary>
    private async ValueTask CutOffAsync(string account, CancellationToken cancellationToken)
    {
        sessions.CountPublication();
        foreach (DeviceAddress device in sessions.Of(account).Select(static session => session.Device).Distinct())
        {
            if (await store.FindDeviceAsync(device, cancellationToken) is null)
            {
                await sessions.RevokeAsync(device);
            }
        }
    }

    private async ValueTask TellPeersAsync(StoreChange.DevicesPublished published, CancellationToken cancellationToken)
    {
        var push = new DevicesChangedPush { Account = published.Account, Version = (ulong)published.Version };
        foreach (DeviceAddress peer in await store.FindPeersAsync(published.Account, PeersMax, cancellationToken))
        {
            foreach (ClientSession session in sessions.Of(peer))
            {
                session.Notify((connection, stopped) => connection.PushAsync(Events.DevicesChanged, push, stopped));
            }
        }
    }

    private async ValueTask TellStockAsync(DeviceAddress device, CancellationToken cancellationToken)
    {
        ClientSession[] connected = [.. sessions.Of(device).Where(static session => !session.KnowsLowStock)];
        if (connected.Length == 0)
        {
            return;
        }
        List<KeyPackageStock> stock = await stocks.ReadAsync(device, cancellationToken);
        if (!stock.Exists(KeyPackageStocks.IsLow))
        {
            return;
        }
        var push = new KeyPackagesLowPush();
        push.Stock.Add(stock);
        foreach (ClientSession session in connected)
        {
            session.KnowsLowStock = true;
            session.Notify((connection, stopped) => connection.PushAsync(Events.KeyPackagesLow, push, stopped));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A change in the store could not be told to those concerned.")]
    private static partial void LogFault(ILogger logger, Exception exception);
}
