using System.Text.RegularExpressions;

namespace Quicprochat.Tidy;

/// <summary>Sizes, citations and habits of the source.</summary>
public sealed partial class SourceTests
{
    private const int FileLinesMax = 600;
    private const int LineColumnsMax = 220;

    [Fact]
    public void Files_are_short()
    {
        foreach (string file in Repository.SourceFiles("src", "samples"))
        {
            int lines = File.ReadLines(file).Count();
            Assert.True(lines <= FileLinesMax, $"{Repository.Name(file)} has {lines} lines: is it still one room?");
        }
    }

    [Fact]
    public void Lines_fit_a_screen() =>
        AssertNone(Repository.SourceFiles("src", "samples"), line => line.Length > LineColumnsMax, $"over {LineColumnsMax} columns");

    // One form only, so that a reader and a script find every citation: RFC 9000 §19.15 (or an appendix: RFC 9002 §A.8).
    [Fact]
    public void Citations_have_one_form() =>
        AssertNone(Repository.SourceFiles("src", "tests", "samples", "bench"), line => BadCitation().IsMatch(line), "write 'RFC 9420 §12.4.2'");

    [Fact]
    public void Tls_13_is_cited_by_its_newest_number() =>
        AssertNone(Repository.SourceFiles("src"), line => line.Contains("RFC 8446", StringComparison.Ordinal), "RFC 9846 obsoletes it");

    [Fact]
    public void Nothing_is_left_to_be_done() =>
        AssertNone(Repository.SourceFiles("src", "samples"), line => Unfinished().IsMatch(line), "finish it or file it");

    [Fact]
    public void Nothing_leaves_the_simulation_thread() =>
        AssertNone(Repository.SourceFiles("src"), line => line.Contains("ConfigureAwait(", StringComparison.Ordinal), "it destroys replay");

    [GeneratedRegex(@"//.*(rfc-editor\.org|\bRFC\d{4}|\bRFC \d{4},? ([Ss]ec|[Aa]ppendix))")]
    private static partial Regex BadCitation();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    private static void AssertNone(IEnumerable<string> files, Func<string, bool> isBad, string remedy)
    {
        var bad = new List<string>();
        foreach (string file in files.Where(file => !file.EndsWith("SourceTests.cs", StringComparison.Ordinal)))
        {
            int number = 0;
            foreach (string line in File.ReadLines(file))
            {
                number++;
                if (isBad(line))
                {
                    bad.Add($"{Repository.Name(file)}({number}): {remedy}");
                }
            }
        }
        Assert.True(bad.Count == 0, string.Join(Environment.NewLine, bad));
    }
}
