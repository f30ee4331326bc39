using System.Xml.Linq;

namespace Quicprochat.Tidy;

/// <summary>The picture in docs/architecture.md, drawn again from the project files.</summary>
public sealed class LayerTests
{
    /// <summary>Each project of src, and all that it may name.</summary>
    private static readonly Dictionary<string, string[]> _mayName = new()
    {
        ["Crypto"] = [],
        ["Mls"] = ["Crypto"],
        ["Quic"] = ["Crypto"],
        ["Transport"] = ["Crypto", "Quic"],
        ["Rpc"] = ["Transport"],
        ["Peering"] = ["Crypto", "Transport"],
        ["Plugins"] = [],
        ["Server"] = ["Crypto", "Rpc", "Plugins", "Transport"],
        ["Sdk"] = ["Crypto", "Mls", "Peering", "Rpc", "Transport"],
        ["Cli"] = ["Sdk", "Server"],
    };

    [Fact]
    public void Every_project_of_src_is_a_known_room() =>
        Assert.Equal(_mayName.Keys.Order(), Repository.Projects("src").Select(ShortName).Order());

    [Fact]
    public void A_project_names_only_rooms_below_it()
    {
        foreach (string file in Repository.Projects("src"))
        {
            string[] allowed = _mayName[ShortName(file)];
            foreach (string named in References(file))
            {
                Assert.True(allowed.Contains(named), $"{ShortName(file)} may not name {named}.");
            }
        }
    }

    [Fact]
    public void The_server_holds_no_code_to_decrypt()
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(["Server"]);
        while (open.TryDequeue(out string? project))
        {
            foreach (string named in References(Path.Combine(Repository.Root, "src", $"Quicprochat.{project}", $"Quicprochat.{project}.csproj")))
            {
                if (reached.Add(named))
                {
                    open.Enqueue(named);
                }
            }
        }
        Assert.DoesNotContain("Mls", reached);
        Assert.DoesNotContain("Sdk", reached);
    }

    private static IEnumerable<string> References(string file) =>
        XDocument.Load(file).Descendants("ProjectReference").Select(reference => ShortName(reference.Attribute("Include")!.Value));

    private static string ShortName(string file) => Path.GetFileNameWithoutExtension(file.Replace('\\', '/'))["Quicprochat.".Length..];
}
