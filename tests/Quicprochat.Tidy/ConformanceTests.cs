using System.Text.RegularExpressions;

namespace Quicprochat.Tidy;

/// <summary>A row of a conformance table that names a test no one can find is a lie.</summary>
public sealed partial class ConformanceTests
{
    [Fact]
    public void Every_test_a_conformance_table_names_exists()
    {
        HashSet<string> known = [.. Repository.SourceFiles("tests").SelectMany(file => TestName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))];
        string folder = Path.Combine(Repository.Root, "docs", "conformance");
        Assert.True(Directory.Exists(folder), "docs/conformance is missing.");
        foreach (string table in Directory.EnumerateFiles(folder, "*.md"))
        {
            string[] named = [.. Rows(table).SelectMany(row => Named().Matches(row).Select(match => match.Groups[1].Value))];
            Assert.True(named.Length > 0 || Path.GetFileName(table) == "mls-interop.md", $"{Repository.Name(table)} names no test.");
            Assert.Empty(named.Where(name => !known.Contains(name)).Distinct().Select(name => $"{Repository.Name(table)} names {name}"));
        }
    }

    [Fact]
    public void Every_file_a_conformance_table_names_exists()
    {
        foreach (string table in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "conformance"), "*.md"))
        {
            string[] missing =
            [
                .. Rows(table).SelectMany(row => NamedFile().Matches(row).Select(match => match.Groups[1].Value)).Distinct()
                    .Where(file => !File.Exists(Path.Combine(Repository.Root, "src", file))),
            ];
            Assert.Empty(missing.Select(file => $"{Repository.Name(table)} names {file}"));
        }
    }

    private static IEnumerable<string> Rows(string table) => File.ReadLines(table).Where(line => line.StartsWith('|'));

    [GeneratedRegex(@"public (?:async )?(?:void|Task|ValueTask) (\w+)\(")]
    private static partial Regex TestName();

    // A test's name is a sentence that starts with a capital and has underscores, in back ticks.
    [GeneratedRegex(@"`(?:[A-Z]\w*\.)?([A-Z]\w*_\w+)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"`(Quicprochat\.[\w./]+\.cs)`")]
    private static partial Regex NamedFile();
}
