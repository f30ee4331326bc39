namespace Quicprochat.Quic.Paths;

/// <summary>
/// Finds the largest UDP payload a path carries by probe packets alone (RFC 9000 §14.3, RFC 8899). ICMP is not believed,
/// and the loss of a probe says nothing about congestion.
/// </summary>
internal sealed class MtuDiscovery
{
    /// <summary>What every QUIC path carries, in bytes (RFC 9000 §14).</summary>
    public const int Base = 1200;

    private const int ProbesPerSize = 3;
    private const int Precision = 16;
    private const long SearchAgain = 600_000_000;

    private int _high;
    private int _ceiling;
    private int _probeSize;
    private int _probesLost;
    private bool _inFlight;
    private long _nextProbe = long.MaxValue;

    /// <summary>Starts at <see cref="Base"/> and never exceeds <paramref name="ceiling"/> bytes.</summary>
    public MtuDiscovery(int ceiling)
    {
        _ceiling = Math.Max(Base, ceiling);
        _high = _ceiling;
    }

    /// <summary>Bytes of UDP payload the path is known to carry.</summary>
    public int Current { get; private set; } = Base;

    /// <summary>The peer accepts no more than <paramref name="bytes"/> (max_udp_payload_size).</summary>
    public void LimitTo(long bytes)
    {
        _ceiling = (int)Math.Max(Base, Math.Min(_ceiling, bytes));
        _high = Math.Min(_high, _ceiling);
    }

    /// <summary>The search may begin: the handshake is confirmed.</summary>
    public void Start(long now) => _nextProbe = now;

    /// <summary>The host allows no more than <paramref name="bytes"/>; before the search begins.</summary>
    public void SetCeiling(int bytes)
    {
        _ceiling = Math.Max(Base, bytes);
        _high = _ceiling;
    }

    /// <summary>True when a probe of <paramref name="size"/> bytes should be sent now.</summary>
    public bool TryGetProbe(long now, out int size)
    {
        size = 0;
        if (_inFlight || now < _nextProbe)
        {
            return false;
        }
        if (_high - Current < Precision)
        {
            if (_high == _ceiling)
            {
                return false;
            }
            _high = _ceiling; // The path may have changed for the better since.
        }
        if (_probeSize == 0)
        {
            // Most paths carry the ceiling or something just above the base: the ceiling is tried first.
            _probeSize = _high == _ceiling ? _ceiling : (Current + _high + 1) / 2;
        }
        size = _probeSize;
        return true;
    }

    /// <summary>A probe has been sent.</summary>
    public void OnProbeSent() => _inFlight = true;

    /// <summary>Whether a probe under way arrives will not be known.</summary>
    public void ForgetProbe() => _inFlight = false;

    /// <summary>A probe arrived: the path carries its size.</summary>
    public void OnProbeAcked(int size, long now)
    {
        _inFlight = false;
        _probesLost = 0;
        _probeSize = 0;
        Current = Math.Max(Current, Math.Min(size, _ceiling));
        FinishIfFound(now);
    }

    /// <summary>A probe was lost: after some tries at one size the path does not carry it.</summary>
    public void OnProbeLost(int size, long now)
    {
        _inFlight = false;
        if (++_probesLost < ProbesPerSize)
        {
            return;
        }
        _probesLost = 0;
        _probeSize = 0;
        _high = Math.Max(Current, size - 1);
        FinishIfFound(now);
    }

    /// <summary>Full-sized packets no longer arrive while others might: back to what every path carries (RFC 8899 §4.3).</summary>
    public void OnBlackHole(long now)
    {
        Current = Base;
        _high = _ceiling;
        _probeSize = 0;
        _probesLost = 0;
        _inFlight = false;
        _nextProbe = now + (SearchAgain / 10);
    }

    private void FinishIfFound(long now)
    {
        if (_high - Current < Precision)
        {
            _nextProbe = now + SearchAgain;
        }
    }
}
