using System.Collections.Concurrent;

namespace Quicprochat.Server.Services;

/// <summary>A token bucket for each key that was used of late. Memory is bounded: full buckets are forgotten, and when there are too many all are.</summary>
internal sealed class KeyedLimit<TKey>(double perSecond, double burst, TimeProvider clock)
    where TKey : notnull
{
    // Above it, forgetting all is the smaller harm.
    private const int KeysMax = 100_000;

    private readonly ConcurrentDictionary<TKey, TokenBucket> _buckets = new();
    private int _count;

    /// <summary>The key's bucket.</summary>
    public TokenBucket Of(TKey key)
    {
        if (_buckets.TryGetValue(key, out TokenBucket? bucket))
        {
            return bucket;
        }
        if (Interlocked.Increment(ref _count) > KeysMax)
        {
            Forget();
        }
        return _buckets.GetOrAdd(key, new TokenBucket(perSecond, burst, clock));
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
        Volatile.Write(ref _count, _buckets.Count);
    }
}
