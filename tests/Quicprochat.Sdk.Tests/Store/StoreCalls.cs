using Quicprochat.Sdk.Store;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>Calls of a store that a test waits for.</summary>
internal static class StoreCalls
{
    public static Task<T> Write<T>(this LocalStore store, Func<StoreTransaction, T> function) => store.WriteAsync(function, CancellationToken.None);

    public static Task Write(this LocalStore store, Action<StoreTransaction> action) => store.WriteAsync(action, CancellationToken.None);

    public static Task<T> Read<T>(this LocalStore store, Func<StoreTransaction, T> function) => store.ReadAsync(function, CancellationToken.None);

    public static Task Read(this LocalStore store, Action<StoreTransaction> action) => store.ReadAsync(
        tx =>
        {
            action(tx);
            return true;
        },
        CancellationToken.None);

    public static Task<long> Verify(this LocalStore store) => store.VerifyAsync(CancellationToken.None);

    public static Task ChangeKey(this LocalStore store, StoreKey key) => store.ChangeKeyAsync(key, CancellationToken.None);
}
