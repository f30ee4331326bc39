using System.Collections.Concurrent;
using System.Text.Json;
using Quicprochat.Crypto;
using Quicprochat.Mls.KeySchedule;

namespace Quicprochat.Mls.Tests.Rfc;

/// <summary>The official vectors, beside the repository or where QPC_VECTORS points.</summary>
internal static class Vectors
{
    private static readonly ConcurrentDictionary<string, int> _printed = [];

    /// <summary>The cases of a file, all of which the caller runs; how many they are is printed.</summary>
    public static IReadOnlyList<JsonElement> Read(string file)
    {
        string path = Path.Combine(Folder(), "mls", file);
        if (!File.Exists(path))
        {
            Assert.Skip($"The official vectors are not here: {path}");
        }
        using FileStream stream = File.OpenRead(path);
        JsonElement[] cases = [.. JsonDocument.Parse(stream).RootElement.EnumerateArray()];
        if (_printed.TryAdd(file, cases.Length))
        {
            Console.Error.WriteLine($"{file} {cases.Length} cases");
        }
        return cases;
    }

    public static string Folder() =>
        Environment.GetEnvironmentVariable("QPC_VECTORS") ?? Path.Combine(RepositoryRoot(), "..", "shared", "vectors");

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static byte[] Hex(this JsonElement element) => Convert.FromHexString(element.GetString()!);

    public static byte[]? HexOrNull(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? Convert.FromHexString(value.GetString()!) : null;

    public static uint UInt(this JsonElement element, string name) => element.GetProperty(name).GetUInt32();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) => element.GetProperty(name).EnumerateArray();

    /// <summary>The suite of a case, bound to the default provider.</summary>
    public static MlsCrypto Crypto(this JsonElement element) => Crypto((ushort)element.UInt("cipher_suite"));

    public static MlsCrypto Crypto(ushort suite)
    {
        Assert.True(CipherSuites.All.TryFind(suite, out CipherSuite? found));
        return new MlsCrypto(found, CryptoProvider.Default);
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("global.json is nowhere above the tests.");
        }
        return folder;
    }
}
