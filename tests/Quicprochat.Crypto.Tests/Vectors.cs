using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Quicprochat.Crypto.Tests;

/// <summary>The official vector files, which lie beside the repository; a test without its file is skipped, never passed.</summary>
internal static class Vectors
{
    private static readonly ConcurrentDictionary<string, bool> _printed = [];

    /// <summary>The file; how many cases it has is printed once.</summary>
    public static JsonElement Load(string relativePath)
    {
        var path = Path.Combine(Root(), relativePath);
        Assert.SkipUnless(File.Exists(path), $"the vector file {relativePath} is neither at ../shared/vectors nor where QPC_VECTORS points");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        if (document.RootElement.ValueKind == JsonValueKind.Array && _printed.TryAdd(relativePath, true))
        {
            Console.Error.WriteLine($"{Path.GetFileName(relativePath)} {document.RootElement.GetArrayLength()} cases");
        }

        return document.RootElement.Clone();
    }

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    private static string Root([CallerFilePath] string thisFile = "") =>
        Environment.GetEnvironmentVariable("QPC_VECTORS")
        ?? Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "shared", "vectors");
}
