namespace Quicprochat.Quic.Recovery;

/// <summary>The controller RFC 9002 §7 describes and whose pseudocode is RFC 9002 B.</summary>
internal sealed class NewReno : ICongestionController
{
    // Far above any bandwidth-delay product of use: it bounds what the sent-packet log can be made to hold.
    private const long MaxWindow = 256L << 20;

    // No recovery period so far: every packet was sent after it.
    private const long Never = -1;

    private int _maxDatagramSize;
    private long _recoveryStart = Never;
    private long _ackedInAvoidance;
    private bool _isUntouched = true;

    /// <summary>Starts in slow start with the initial window.</summary>
    public NewReno(int maxDatagramSize)
    {
        _maxDatagramSize = maxDatagramSize;
        Window = InitialWindow;
    }

    /// <inheritdoc/>
    public long Window { get; private set; }

    /// <inheritdoc/>
    public long SlowStartThreshold { get; private set; } = long.MaxValue;

    /// <inheritdoc/>
    public long BytesInFlight { get; private set; }

    // RFC 9002 §7.2
    private long InitialWindow => Math.Min(10L * _maxDatagramSize, Math.Max(14_720, 2L * _maxDatagramSize));

    private long MinimumWindow => 2L * _maxDatagramSize;

    /// <inheritdoc/>
    public void OnPacketSent(int bytes) => BytesInFlight += bytes;

    /// <inheritdoc/>
    public void OnAcked(long now, long sentTime, int bytes, bool isAppLimited)
    {
        BytesInFlight -= bytes;
        if (isAppLimited || IsInRecovery(sentTime))
        {
            return;
        }

        _isUntouched = false;
        if (Window < SlowStartThreshold)
        {
            Window = Math.Min(Window + bytes, MaxWindow);
            return;
        }

        // One datagram for each window acknowledged (RFC 9002 §7.3.3), counted in bytes so that no division loses any.
        _ackedInAvoidance += bytes;
        if (_ackedInAvoidance >= Window)
        {
            _ackedInAvoidance -= Window;
            Window = Math.Min(Window + _maxDatagramSize, MaxWindow);
        }
    }

    /// <inheritdoc/>
    public void OnDiscarded(long bytes) => BytesInFlight -= bytes;

    /// <inheritdoc/>
    public void OnCongestion(long now, long largestLostSentTime)
    {
        if (IsInRecovery(largestLostSentTime))
        {
            return; // once for each round trip (RFC 9002 §7.3.2)
        }

        _isUntouched = false;
        _recoveryStart = now;
        _ackedInAvoidance = 0;
        Window = Math.Max(Window / 2, MinimumWindow);
        SlowStartThreshold = Window;
    }

    /// <inheritdoc/>
    public void OnPersistentCongestion()
    {
        Window = MinimumWindow;
        _recoveryStart = Never;
        _ackedInAvoidance = 0;
    }

    /// <inheritdoc/>
    public void OnMtuChanged(int maxDatagramSize)
    {
        _maxDatagramSize = maxDatagramSize;
        Window = _isUntouched ? InitialWindow : Math.Max(Window, MinimumWindow);
    }

    private bool IsInRecovery(long sentTime) => sentTime <= _recoveryStart;
}
