using System.Diagnostics.CodeAnalysis;

namespace Quicprochat.Sdk.Store;

/// <summary>The store cannot do what was asked. What was stored before is untouched, and of what was being stored there is nothing.</summary>
[SuppressMessage("Design", "CA1032", Justification = "An exception without a code and a remedy would not help anybody.")]
public sealed class StoreException : Exception
{
    internal StoreException(StoreErrorCode code, string problem, string remedy, Exception? inner = null)
        : base($"{problem} {remedy}", inner)
    {
        Code = code;
        Problem = problem;
        Remedy = remedy;
    }

    /// <summary>What happened, for programs.</summary>
    public StoreErrorCode Code { get; }

    /// <summary>What happened, in a sentence.</summary>
    public string Problem { get; }

    /// <summary>What to do about it, in a sentence.</summary>
    public string Remedy { get; }
}
