namespace Quicprochat.Server.Storage.Rules;

/// <summary>What an entry does to the roster, or the rule it breaks.</summary>
internal readonly record struct RosterChange
{
    /// <summary>A broken rule.</summary>
    public RosterChange(AppendRefusal refusal)
    {
        Refusal = refusal;
        Roster = [];
        Added = [];
    }

    /// <summary>The roster afterwards.</summary>
    public RosterChange(int submitter, int[] roster, IReadOnlyList<int> added)
    {
        Submitter = submitter;
        Roster = roster;
        Added = added;
    }

    /// <summary>The rule, or null.</summary>
    public AppendRefusal? Refusal { get; }

    /// <summary>The store's number of the submitter.</summary>
    public int Submitter { get; }

    /// <summary>The roster after the entry.</summary>
    public int[] Roster { get; }

    /// <summary>Devices that came on it.</summary>
    public IReadOnlyList<int> Added { get; }
}
