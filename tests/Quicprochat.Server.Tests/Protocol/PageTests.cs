using System.Globalization;
using System.Reflection;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Server.Hosting;

namespace Quicprochat.Server.Tests.Protocol;

/// <summary>What docs/protocol says in tables is what the code says.</summary>
public sealed class PageTests
{
    [Fact]
    public void The_table_of_methods_is_the_codes()
    {
        string[] code = [.. Methods.All.OrderBy(static method => method.Number).Select(static method =>
            $"{method.Number} {method.Name} {(method.IsOpen ? "yes" : "–")} {(method.IsIdempotent ? "yes" : "–")} {Time(method.Timeout)}")];
        string[] page = [.. Pages.Table("methods.md", "number", "name", "open").Select(static row => string.Join(' ', row.Take(5)))];
        Assert.Equal(code, page);
    }

    [Fact]
    public void Every_method_of_the_table_has_a_paragraph()
    {
        string text = string.Join('\n', Pages.Lines("methods.md"));
        Assert.All(Methods.All, method => Assert.Contains($"**{method.Name}.**", text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_of_pushes_is_the_codes() => Assert.Equal(
        Events.All.Select(static push => $"{push.Number} {push.Name}"),
        Pages.Table("methods.md", "number", "name", "what it says").Select(static row => $"{row[0]} {row[1]}"));

    [Fact]
    public void The_table_of_errors_is_the_codes()
    {
        IEnumerable<string> code = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!);
        List<string[]> page = Pages.Table("errors.md", "code", "status");
        Assert.Equal(code.Order(StringComparer.Ordinal), page.Select(static row => row[0].Trim('`')).Order(StringComparer.Ordinal));
        Assert.All(page, static row => Assert.All(row[1].Split(", "), static status => Assert.True(Enum.TryParse<RpcStatus>(status, out _), status)));
    }

    [Fact]
    public void The_table_of_statuses_is_the_codes() => Assert.Equal(
        Enum.GetValues<RpcStatus>().Select(static status => $"{(int)status} {status}"),
        Pages.Table("frames.md", "", "name", "meaning", "may be retried").Select(static row => $"{row[0]} {row[1]}"));

    [Fact]
    public void The_tables_of_reset_and_close_codes_are_the_codes()
    {
        Assert.Equal(Words<StreamCode>(), Pages.TableUnder("frames.md", "## Stream reset codes").Select(static row => $"{row[0]} {row[1]}"));
        Assert.Equal(Words<CloseCode>(), Pages.TableUnder("frames.md", "## Connection close codes").Select(static row => $"{row[0]} {row[1]}"));
    }

    [Fact]
    public void The_options_page_names_every_option_and_limit()
    {
        string text = string.Join('\n', Pages.Lines("../operating.md"));
        IEnumerable<string> names = typeof(QpcServerOptions).GetProperties().Select(static property => property.Name).Where(static name => name != nameof(QpcServerOptions.LoggerFactory))
            .Concat(typeof(QpcServerLimits).GetProperties().Select(static property => property.Name));
        Assert.All(names, name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
    }

    private static string Time(TimeSpan time) =>
        time.TotalSeconds >= 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes} min") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");

    /// <summary><c>AuthenticationTimeout</c> is written <c>authentication timeout</c>.</summary>
    private static IEnumerable<string> Words<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(static code => $"{Convert.ToInt32(code, CultureInfo.InvariantCulture)} {string.Concat(code.ToString().Select(static (letter, at) => char.IsUpper(letter) && at > 0 ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"))}");
}
