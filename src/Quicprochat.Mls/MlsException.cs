using System.Diagnostics.CodeAnalysis;

namespace Quicprochat.Mls;

/// <summary>Something was refused. The group it was for is as it was before the call.</summary>
[SuppressMessage("Design", "CA1032", Justification = "An exception without the rule it stands for would say nothing.")]
public sealed class MlsException : Exception
{
    /// <summary>Refuses because of <paramref name="error"/>.</summary>
    public MlsException(MlsError error)
        : base(error.ToString())
        => Error = error;

    /// <summary>The rule that was broken.</summary>
    public MlsError Error { get; }

    /// <summary>The rule's code.</summary>
    public MlsErrorCode Code => Error.Code;

    internal static void ThrowIf(MlsError? error)
    {
        if (error is not null)
        {
            throw new MlsException(error);
        }
    }
}
