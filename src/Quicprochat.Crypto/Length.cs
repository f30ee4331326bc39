using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quicprochat.Crypto;

/// <summary>The check every entry makes of spans its caller sized: a wrong one is the caller's bug, not a peer's.</summary>
internal static class Length
{
    public static void Require(int actual, int expected, [CallerArgumentExpression(nameof(actual))] string? name = null)
    {
        if (actual != expected)
        {
            Throw(actual, expected, name);
        }
    }

    public static void RequireAtLeast(int actual, int minimum, [CallerArgumentExpression(nameof(actual))] string? name = null)
    {
        if (actual < minimum)
        {
            Throw(actual, minimum, name);
        }
    }

    [DoesNotReturn]
    private static void Throw(int actual, int expected, string? name) =>
        throw new ArgumentException($"{name} is {actual}, {expected} are needed.");
}
