using System.Text;

namespace Quicprochat.Cli.Demo;

/// <summary>Looks for texts in bytes, as UTF-8 and as UTF-16.</summary>
internal sealed class PlaintextSearch(IEnumerable<string> texts)
{
    private readonly List<(string Text, byte[] Bytes)> _patterns = [.. texts.SelectMany(static text => new[] { (text, Encoding.UTF8.GetBytes(text)), (text, Encoding.Unicode.GetBytes(text)) })];

    public int Count => _patterns.Count / 2;

    /// <summary>The first text that is in <paramref name="bytes"/>; null when none is.</summary>
    public string? FindIn(ReadOnlySpan<byte> bytes)
    {
        foreach ((string text, byte[] pattern) in _patterns)
        {
            if (bytes.IndexOf(pattern) >= 0)
            {
                return text;
            }
        }
        return null;
    }

    /// <summary>Where a text is in the files of a folder; null when none is.</summary>
    public string? FindInFolder(string folder, out int files, out long length)
    {
        files = 0;
        length = 0;
        string? found = null;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[stream.Length];
            stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            files++;
            length += bytes.Length;
            found ??= FindIn(bytes) is { } text ? $"“{text}” in {Path.GetFileName(file)}" : null;
        }
        return found;
    }
}
