namespace Quicprochat.Fuzz;

/// <summary>A finding: the input, and how to run it again.</summary>
internal sealed class FuzzException : Exception
{
    public FuzzException(string target, ReadOnlySpan<byte> input, Exception cause)
        : base($"{target} does not bear this input; run it again with: fuzz input {target} {Convert.ToHexStringLower(input)}{Environment.NewLine}{cause}", cause)
    {
    }
}
