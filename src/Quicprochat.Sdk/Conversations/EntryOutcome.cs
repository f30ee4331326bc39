namespace Quicprochat.Sdk.Conversations;

/// <summary>What became of a log entry.</summary>
internal enum EntryOutcome
{
    /// <summary>It was taken or skipped before.</summary>
    Old,

    /// <summary>Entries before it are missing.</summary>
    Gap,

    /// <summary>Nobody takes it: the log goes on, the epoch stays.</summary>
    Skipped,

    /// <summary>The epoch it leads to is the present one.</summary>
    Applied,

    /// <summary>This device was removed by it.</summary>
    Removed,

    /// <summary>This device cannot follow any more; it is noted that it has to join again.</summary>
    Lost,
}
