namespace Quicprochat.Server.Storage;

/// <summary>How appending an entry to a log ended: exactly one of the four.</summary>
internal abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>The entry is in the log, and everything that goes with it is stored.</summary>
    internal sealed record Accepted(Digest Hash, long TimeMs, int Recipients) : AppendResult;

    /// <summary>The very same entry is in the log: it was submitted twice.</summary>
    internal sealed record AlreadyThere(Digest Hash, long TimeMs) : AppendResult;

    /// <summary>Somebody was faster; the entry that follows the one the submitter knew, or null when the log no longer has it.</summary>
    internal sealed record Conflict(StoredEntry? Winner) : AppendResult;

    /// <summary>The entry breaks a rule.</summary>
    internal sealed record Refused(AppendRefusal Reason) : AppendResult;
}
