using System.Diagnostics;
using System.Globalization;

namespace Quicprochat.Samples.LossyRelay;

/// <summary>
/// Decides about the datagrams of one direction. Each takes the same number of dice, so the fate of the n-th datagram follows from the seed and n alone.
/// </summary>
internal sealed class RelayDirection(RelayOptions options, int number)
{
    /// <summary>IPv4 and UDP headers: they take time on the wire too.</summary>
    private const int HeaderBytes = 28;

    private readonly Random _random = new(unchecked((int)(options.Seed * 2) + number + (int)(options.Seed >> 31)));
    private readonly Queue<long> _departures = new();
    private long _free;
    private long _lastArrival;
    private int _burst;
    private long _received;
    private long _lost;
    private long _corrupted;
    private long _duplicated;
    private long _held;
    private long _overflowed;

    /// <summary>Calls <paramref name="deliver"/> with the time for each copy to be sent on: none, one, or two. May change a byte of <paramref name="datagram"/>.</summary>
    public void Handle(long now, Span<byte> datagram, Action<long> deliver)
    {
        bool loses = _random.NextDouble() < options.Loss;
        bool corrupts = _random.NextDouble() < options.Corrupt;
        double where = _random.NextDouble();
        byte what = (byte)(1 + _random.Next(255));
        bool duplicates = _random.NextDouble() < options.Duplicate;
        bool holds = _random.NextDouble() < options.Reorder;
        double hold = _random.NextDouble() * options.HoldMs;
        double jitter = _random.NextDouble() * options.JitterMs;
        _received++;
        if (loses && _burst < options.Burst)
        {
            _burst++;
            _lost++;
            return;
        }
        _burst = 0;
        if (!TryQueue(now, datagram.Length, out long departure))
        {
            _overflowed++;
            return;
        }
        if (corrupts && datagram.Length > 0)
        {
            _corrupted++;
            datagram[(int)(where * datagram.Length)] ^= what;
        }
        long arrival = Math.Max(departure + Ticks(options.DelayMs + jitter), _lastArrival);
        _lastArrival = arrival;
        if (holds)
        {
            _held++;
            arrival += Ticks(hold);
        }
        deliver(arrival);
        if (duplicates)
        {
            _duplicated++;
            deliver(arrival);
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"received={_received} lost={_lost} corrupted={_corrupted} duplicated={_duplicated} held={_held} overflowed={_overflowed}");

    private static long Ticks(double milliseconds) => (long)(milliseconds * Stopwatch.Frequency / 1_000);

    /// <summary>When the datagram has passed the bottleneck; false when the queue before it is full.</summary>
    private bool TryQueue(long now, int length, out long departure)
    {
        departure = now;
        if (options.RateKbit == 0)
        {
            return true;
        }
        while (_departures.TryPeek(out long first) && first <= now)
        {
            _departures.Dequeue();
        }
        if (_departures.Count > options.Queue)
        {
            return false;
        }
        _free = Math.Max(_free, now) + Ticks((length + HeaderBytes) * 8 / options.RateKbit);
        _departures.Enqueue(_free);
        departure = _free;
        return true;
    }
}
