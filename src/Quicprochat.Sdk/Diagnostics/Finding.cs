namespace Quicprochat.Sdk.Diagnostics;

/// <summary>What a check found.</summary>
/// <param name="What">What was looked at.</param>
/// <param name="IsGood">Whether it is as it should be.</param>
/// <param name="Says">What was found.</param>
/// <param name="Remedy">What to do about it; empty when it is good.</param>
public sealed record Finding(string What, bool IsGood, string Says, string Remedy = "");
