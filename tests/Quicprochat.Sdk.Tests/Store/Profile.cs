using System.Text;
using Google.Protobuf;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Store.Sealing;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>A folder of its own for a test, with a store that opens at little cost.</summary>
internal sealed class Profile : IDisposable
{
    public const string Passphrase = "a passphrase of a test";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("qpc-store-");

    public string Folder => Path.Combine(_root.FullName, "profile");

    public string Database => Path.Combine(Folder, "store.db");

    public static LocalStoreOptions Options { get; } = new() { PassphraseCost = new PassphraseCost(64, 1), TruncateAfter = TimeSpan.FromHours(1) };

    public static StoreKey Key => StoreKey.FromPassphrase(Passphrase);

    /// <summary>A folder with a copy of what lies in this one now.</summary>
    public Profile Copy()
    {
        var copy = new Profile();
        Directory.CreateDirectory(copy.Folder);
        foreach (string file in Directory.GetFiles(Folder).Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        }
        return copy;
    }

    public Task<LocalStore> CreateAsync(LocalStoreOptions? options = null) => LocalStore.CreateAsync(Folder, Key, options ?? Options);

    public Task<LocalStore> OpenAsync(LocalStoreOptions? options = null, StoreKey? key = null) => LocalStore.OpenAsync(Folder, key ?? Key, options ?? Options);

    public static Task<LocalStore> HoldAsync(string folder) => LocalStore.OpenAsync(folder, Key, Options);

    /// <summary>Asserts that the store does not open, and why.</summary>
    public async Task<StoreException> AssertRefusedAsync(StoreErrorCode code, StoreKey? key = null, LocalStoreOptions? options = null)
    {
        StoreException exception = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(options, key));
        Assert.Equal(code, exception.Code);
        Assert.NotEmpty(exception.Remedy);
        return exception;
    }

    /// <summary>The bytes of every file in the folder.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> Files() => Directory.GetFiles(Folder).Select(static file =>
    {
        // The lock file is held and always empty.
        return file.EndsWith(".lock", StringComparison.Ordinal) ? (file, []) : (file, ReadShared(file));
    });

    public bool Contains(ReadOnlySpan<byte> bytes)
    {
        foreach ((_, byte[] file) in Files())
        {
            if (file.AsSpan().IndexOf(bytes) >= 0)
            {
                return true;
            }
        }
        return false;
    }

    public void Dispose() => _root.Delete(recursive: true);

    public static MessageRow Message(string conversation, string id, string body = "text", string sender = "alice@example.org") => new()
    {
        ConversationId = ByteString.CopyFromUtf8(conversation),
        MessageId = ByteString.CopyFromUtf8(id),
        Sender = sender,
        Body = ByteString.CopyFromUtf8(body),
    };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] ReadShared(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
