namespace Quicprochat.Mls.Tests;

/// <summary>Says which rules a test breaks; a test sees to it that every rule is broken somewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BreaksAttribute(params MlsErrorCode[] codes) : Attribute
{
    public IReadOnlyList<MlsErrorCode> Codes { get; } = codes;
}
