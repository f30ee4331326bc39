namespace Quicprochat.Sdk.Load;

/// <summary>One line of what was measured.</summary>
/// <param name="What">What was done.</param>
/// <param name="Unit">Of what the value is.</param>
/// <param name="Value">How much.</param>
/// <param name="Target">What it should be at least, or at most where smaller is better; null where nothing is asked.</param>
/// <param name="SmallerIsBetter">True for times and sizes.</param>
public sealed record LoadFigure(string What, string Unit, double Value, double? Target = null, bool SmallerIsBetter = false)
{
    /// <summary>Whether the target is met; true where there is none.</summary>
    public bool IsMet => Target is not { } target || (SmallerIsBetter ? Value <= target : Value >= target);
}
