using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quicprochat.Cli.Commands;

/// <summary>Values that can be given in three places: a flag wins over <c>QPC_*</c>, and that over the file <c>config.json</c>.</summary>
internal static class Settings
{
    private static readonly Lazy<JsonObject> _file = new(ReadFile);

    /// <summary>Where profiles and the configuration are: <c>QPC_HOME</c>, or the place the system has for such things.</summary>
    public static string Home { get; } = Environment.GetEnvironmentVariable("QPC_HOME") is { Length: > 0 } home
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "qpc");

    public static string ConfigurationFile => Path.Combine(Home, "config.json");

    /// <summary>The value of <c>--some-name</c>, <c>QPC_SOME_NAME</c> or <c>"some-name"</c>; null when nobody says anything.</summary>
    public static string? Find(string name, string? flag = null) => flag
        ?? (Environment.GetEnvironmentVariable("QPC_" + name.Replace('-', '_').ToUpperInvariant()) is { Length: > 0 } variable ? variable : null)
        ?? (_file.Value.TryGetPropertyValue(name, out JsonNode? node) ? node?.ToString() : null);

    public static bool IsOn(string name, bool flag) => flag || Find(name) is "1" or "true" or "yes" or "on";

    private static JsonObject ReadFile()
    {
        try
        {
            return File.Exists(ConfigurationFile) && JsonNode.Parse(File.ReadAllText(ConfigurationFile)) is JsonObject values ? values : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The configuration {ConfigurationFile} cannot be read: {e.Message}", "Correct it, or delete it: nothing needs it.");
        }
    }
}
