using System.Diagnostics.CodeAnalysis;

namespace MlsPeer;

/// <summary>The line is refused; nothing has been changed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "A refusal without a code and a sentence would say nothing.")]
internal sealed class RefusedException(string code, string sentence) : Exception(sentence)
{
    /// <summary>One word for programs.</summary>
    public string Code { get; } = code;
}
