using System.Collections.Concurrent;

namespace Quicprochat.Server.Services;

/// <summary>A token bucket for each key that was used of late. Memory is bounded: full buckets are forgotten, and when there are too many all are.</summary>
internal sealed class KeyedLimit<TKey>(double perSecond, int burst, TimeProvider clock)
    where TKey : notnull
{
    // Above it, forgetting all is the smaller harm.
    private const int KeysMax = 100_000;

    private readonly ConcurrentDictionary<TKey, TokenBucket> _buckets = new();

    /// <summary>Takes one of the key's tokens; when there is none, says how long to wait for it.</summary>
    public bool TryTake(TKey key, out TimeSpan wait) => TryTake(key, 1, out wait);

    /// <summary>Takes many of the key's tokens.</summary>
    public bool TryTake(TKey key, long count, out TimeSpan wait)
    {
        if (_buckets.Count >= KeysMax && !_buckets.ContainsKey(key))
        {
            Forget();
        }
        return _buckets.GetOrAdd(key, static (_, self) => self.Create(), this).TryTake(count, out wait);
    }

    /// <summary>Forgets those that are full; called now and then.</summary>
    public void Forget()
    {
        foreach ((TKey key, TokenBucket bucket) in _buckets)
        {
            if (bucket.IsFull)
            {
                _buckets.TryRemove(key, out _);
            }
        }
        if (_buckets.Count >= KeysMax)
        {
            _buckets.Clear();
        }
    }

    private TokenBucket Create() => new(perSecond, burst, clock);
}
