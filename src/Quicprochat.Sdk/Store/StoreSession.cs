using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Store;

/// <summary>An open database and the transaction that runs on it.</summary>
internal sealed class StoreSession(StoreDatabase database)
{
    private StoreTransaction? _current;
    private int _thread;

    public StoreDatabase Database { get; } = database;

    public void Enter(StoreTransaction transaction) => (_current, _thread) = (transaction, Environment.CurrentManagedThreadId);

    public void Leave() => _current = null;

    /// <summary>Nothing is read outside a transaction: it would see what may yet be undone.</summary>
    public void RequireRead() => _ = Current;

    public void RequireWrite()
    {
        if (Current.IsReadOnly)
        {
            throw new InvalidOperationException("This transaction may only read: use WriteAsync.");
        }
    }

    private StoreTransaction Current =>
        _current is { } current && _thread == Environment.CurrentManagedThreadId
            ? current
            : throw new InvalidOperationException("The store is used outside a transaction: call this within WriteAsync or ReadAsync.");
}
