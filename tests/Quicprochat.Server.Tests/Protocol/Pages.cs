using System.Runtime.CompilerServices;

namespace Quicprochat.Server.Tests.Protocol;

/// <summary>The tables of docs/protocol.</summary>
internal static class Pages
{
    /// <summary>The lines of a page.</summary>
    public static string[] Lines(string page) => File.ReadAllLines(Path.Combine(Root(), "docs", "protocol", page));

    /// <summary>The cells of the first table whose heading begins with these words, without the rule below it.</summary>
    public static List<string[]> Table(string page, params string[] heading)
    {
        string[] lines = Lines(page);
        int at = Array.FindIndex(lines, line => Cells(line).Take(heading.Length).SequenceEqual(heading));
        Assert.True(at >= 0, $"{page} has no table with the columns {string.Join(", ", heading)}.");
        return [.. lines.Skip(at + 2).TakeWhile(static line => line.StartsWith('|')).Select(Cells)];
    }

    /// <summary>The cells of the first table under a title.</summary>
    public static List<string[]> TableUnder(string page, string title)
    {
        string[] lines = Lines(page);
        int at = Array.IndexOf(lines, title);
        Assert.True(at >= 0, $"{page} has no {title}.");
        return [.. lines.Skip(at).SkipWhile(static line => !line.StartsWith('|')).Skip(2).TakeWhile(static line => line.StartsWith('|')).Select(Cells)];
    }

    private static string[] Cells(string line) => line.StartsWith('|') ? [.. line.Trim()[1..^1].Split('|').Select(static cell => cell.Trim())] : [];

    private static string Root([CallerFilePath] string thisFile = "")
    {
        string? folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Quicprochat.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException("The repository's root was not found.");
    }
}
