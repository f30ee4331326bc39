namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>How a store in SQLite works.</summary>
internal sealed record SqliteStoreOptions
{
    /// <summary>The database file; its folder must exist.</summary>
    public required string Path { get; init; }

    /// <summary>Bounds that the store watches.</summary>
    public StoreLimits Limits { get; init; } = new();

    /// <summary>Threads that read, each with a connection.</summary>
    public int Readers { get; init; } = 2;

    /// <summary>Changes that wait for their turn; beyond that callers wait to be let in.</summary>
    public int QueueMax { get; init; } = 8192;

    /// <summary>How long another process may hold the database.</summary>
    public int BusyTimeoutMs { get; init; } = 5000;

    /// <summary>How often the store looks for what other instances stored.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The clock of that.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Pages the file may have, for tests of a full disk; 0 for no bound.</summary>
    public int PagesMax { get; init; }
}
