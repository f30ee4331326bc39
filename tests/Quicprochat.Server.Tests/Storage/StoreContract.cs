using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

/// <summary>What every store does. One class for each store runs all of it.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private IServerStore? _store;

    private IServerStore Store => _store!;

    private StoreWorld World { get; set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _store = Open();
        World = new StoreWorld(_store);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Close();
        GC.SuppressFinalize(this);
    }

    private protected abstract IServerStore Open();

    private protected virtual void Close()
    {
    }
}
