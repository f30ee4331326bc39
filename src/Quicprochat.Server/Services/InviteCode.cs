using System.Security.Cryptography;
using System.Text;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>The code of an invitation: 20 letters and digits that cannot be mistaken for one another, 100 bits, in groups of five. Only its hash is kept.</summary>
internal static class InviteCode
{
    /// <summary>Longest code a client may send.</summary>
    public const int LengthMax = 64;

    // Crockford's base 32: no I, L, O or U.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Groups = 4;
    private const int GroupLength = 5;

    /// <summary>A new code.</summary>
    public static string Create() => string.Join('-', Enumerable.Range(0, Groups).Select(static _ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));

    /// <summary>What is kept of it, and asked for; case, hyphens and spaces do not matter.</summary>
    public static Digest HashOf(string code)
    {
        var letters = new StringBuilder(code.Length);
        foreach (char character in code)
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                letters.Append(char.ToUpperInvariant(character));
            }
        }
        return Digest.Of(Encoding.ASCII.GetBytes(letters.ToString()));
    }
}
