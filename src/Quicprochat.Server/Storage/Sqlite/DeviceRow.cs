namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>What the writer remembers of a device.</summary>
/// <param name="isActive">It is on the newest list of its account.</param>
/// <param name="newest">The last sequence number given out.</param>
internal sealed class DeviceRow(bool isActive, long newest)
{
    /// <summary>It is on the newest list of its account.</summary>
    public bool IsActive { get; } = isActive;

    /// <summary>The last sequence number given out.</summary>
    public long Newest { get; set; } = newest;
}
