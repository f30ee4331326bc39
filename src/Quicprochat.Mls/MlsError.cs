namespace Quicprochat.Mls;

/// <summary>Why something was refused: the rule that it breaks. It holds nothing a peer sent and no secret.</summary>
/// <param name="Code">The rule.</param>
/// <param name="Section">Where the rule is written, as in "RFC 9420 §12.2".</param>
/// <param name="Reason">A constant sentence a person understands.</param>
public sealed record MlsError(MlsErrorCode Code, string Section, string Reason)
{
    /// <summary>The reason, followed by the section.</summary>
    public override string ToString() => $"{Reason} ({Section})";
}
