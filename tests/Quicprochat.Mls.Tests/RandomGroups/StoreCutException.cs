namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>The store gave up, as a full disk does or a process that is killed.</summary>
public sealed class StoreCutException : Exception
{
    public StoreCutException()
        : base("The store was cut.")
    {
    }
}
