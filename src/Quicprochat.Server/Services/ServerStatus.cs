namespace Quicprochat.Server.Services;

/// <summary>Since when the server runs, and whether it is about to stop.</summary>
internal sealed class ServerStatus(TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private volatile bool _isDraining;

    public TimeSpan Uptime => clock.GetElapsedTime(_began);

    /// <summary>New calls are refused.</summary>
    public bool IsDraining => _isDraining;

    public void Drain() => _isDraining = true;
}
