using System.Globalization;

namespace Quicprochat.EndToEnd;

/// <summary>A text of many different lines, with everything in it that a line can have.</summary>
internal static class Lines
{
    private static readonly string[] _words = ["river", "stone", "Übermut", "naïve", "日本語", "🦊🚀", "\t", "  two spaces ", "\"quoted\"", "\\back", "'", "<b>", "[red]", "\u001b[31m", "%s", "\u202Eabc", "ends with cr\r"];

    public static string[] Make(int count) => [.. Enumerable.Range(0, count).Select(static i =>
        string.Create(CultureInfo.InvariantCulture, $"line {i} {_words[i % _words.Length]} {new string((char)('a' + (i % 26)), i * 7 % 90)}"))];

    /// <summary>How many lines a test of a text uses: few in CI, 10,000 by <c>scripts/endurance</c>.</summary>
    public static int Count => int.TryParse(System.Environment.GetEnvironmentVariable("QPC_E2E_LINES"), CultureInfo.InvariantCulture, out int count) ? count : 1_000;

    /// <summary>How often something is killed: 3 times in CI, 10 by <c>scripts/endurance</c>.</summary>
    public static int Kills => int.TryParse(System.Environment.GetEnvironmentVariable("QPC_E2E_KILLS"), CultureInfo.InvariantCulture, out int count) ? count : 3;

    /// <summary>How long a storm lasts, in seconds: 10 in CI, 60 by <c>scripts/endurance</c>.</summary>
    public static int StormSeconds => int.TryParse(System.Environment.GetEnvironmentVariable("QPC_E2E_STORM"), CultureInfo.InvariantCulture, out int count) ? count : 10;
}
