using System.Reflection;
using System.Text.RegularExpressions;

namespace Quicprochat.Mls.Tests.Groups;

public partial class RuleTests
{
    [Fact]
    public void Every_rule_is_broken_by_a_test()
    {
        HashSet<MlsErrorCode> broken = [.. typeof(RuleTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .SelectMany(method => method.GetCustomAttribute<BreaksAttribute>()?.Codes ?? [])];
        MlsErrorCode[] unbroken = [.. Enum.GetValues<MlsErrorCode>().Where(code => code != MlsErrorCode.None && !broken.Contains(code))];
        Assert.Empty(unbroken);
    }

    [Fact]
    public void Every_rule_names_its_section_and_says_a_sentence()
    {
        foreach (FieldInfo field in typeof(Rule).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var error = (MlsError)field.GetValue(null)!;
            Assert.Equal(field.Name, error.Code.ToString());
            Assert.Matches(Section(), error.Section);
            Assert.EndsWith(".", error.Reason, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^(RFC 9420 §\d+(\.\d+)*|storage format)$")]
    private static partial Regex Section();
}
