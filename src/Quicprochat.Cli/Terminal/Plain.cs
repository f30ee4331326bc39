using System.Globalization;
using System.Text;

namespace Quicprochat.Cli.Terminal;

/// <summary>What others wrote, made fit for a terminal.</summary>
internal static class Plain
{
    /// <summary>Without control and formatting characters: no message may move the cursor, recolour the screen, or pretend to be from somebody else.</summary>
    public static string Clean(string text)
    {
        if (text.All(IsHarmless))
        {
            return text;
        }
        var clean = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            clean.Append(IsHarmless(c) ? c : c is '\n' or '\r' or '\t' ? ' ' : '\uFFFD');
        }
        return clean.ToString();
    }

    /// <summary>The part of an address before the @.</summary>
    public static string ShortName(string account) => account.IndexOf('@', StringComparison.Ordinal) is int at and > 0 ? account[..at] : account;

    private static bool IsHarmless(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && c is not (>= '\u202A' and <= '\u202E') && c is not (>= '\u2066' and <= '\u2069') && c is not ('\u200E' or '\u200F' or '\uFEFF');
}
