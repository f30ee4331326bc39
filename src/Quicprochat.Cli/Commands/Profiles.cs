namespace Quicprochat.Cli.Commands;

/// <summary>Where the profiles are, and which one is meant.</summary>
internal static class Profiles
{
    private static string Folder => Path.Combine(Settings.Home, "profiles");

    public static IReadOnlyList<string> Names => Directory.Exists(Folder) ? [.. Directory.GetDirectories(Folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    public static string PathOf(string name) => name.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(name) : Path.Combine(Folder, name);

    /// <summary>The profile that is meant by what was said, or by there being only one.</summary>
    public static string Choose(string? said)
    {
        if (Settings.Find("profile", said) is { } name)
        {
            return PathOf(name);
        }
        return Names switch
        {
            [] => throw new UsageException("There is no profile yet.", "Make one: qpc register NAME --server ADDRESS. Or see what this is: qpc demo."),
            [string only] => PathOf(only),
            var several => throw new UsageException($"There are several profiles: {string.Join(", ", several)}.", "Say which: --profile NAME, or QPC_PROFILE."),
        };
    }
}
