#pragma warning disable CA1416 // what asks for modes is skipped on Windows
using Quicprochat.Sdk.Store;

namespace Quicprochat.Sdk.Tests.Store;

public sealed class StoreKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qpc-key-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_key_file_is_read_as_it_is()
    {
        byte[] bytes = [.. Enumerable.Range(0, 40).Select(static value => (byte)value)];
        using StoreKey key = StoreKey.FromFile(Write("key", bytes));
        Assert.Equal(StoreKeyKind.Key, key.Kind);
        Assert.Equal(bytes, key.Span);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(4097)]
    public void A_key_file_of_another_length_is_refused(int length) => AssertUnusable(() => StoreKey.FromFile(Write("key", new byte[length])));

    [Fact]
    public void A_key_file_that_is_missing_or_open_to_all_is_refused()
    {
        AssertUnusable(() => StoreKey.FromFile(Path.Combine(_folder.FullName, "none")));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no modes");
        string path = Write("open", new byte[32]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        AssertUnusable(() => StoreKey.FromFile(path));
    }

    [Fact]
    public void A_credential_comes_from_the_folder_of_the_service_manager()
    {
        const string Variable = "CREDENTIALS_DIRECTORY";
        Write("qpc", new byte[32]);
        string? before = Environment.GetEnvironmentVariable(Variable);
        try
        {
            Environment.SetEnvironmentVariable(Variable, null);
            AssertUnusable(() => StoreKey.FromCredential("qpc"));
            Environment.SetEnvironmentVariable(Variable, _folder.FullName);
            using StoreKey key = StoreKey.FromCredential("qpc");
            Assert.Equal(new byte[32], key.Span);
            AssertUnusable(() => StoreKey.FromCredential("none"));
            Assert.Throws<ArgumentException>(() => StoreKey.FromCredential("../qpc"));
            Assert.Throws<ArgumentException>(() => StoreKey.FromCredential(".."));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }

    [Fact]
    public void A_passphrase_is_its_utf8_and_has_at_least_one_character()
    {
        using StoreKey key = StoreKey.FromPassphrase("pass wörter");
        Assert.Equal("pass wörter"u8, key.Span);
        Assert.Throws<ArgumentException>(() => StoreKey.FromPassphrase(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => StoreKey.FromBytes(new byte[31]));
    }

    [Fact]
    public void A_key_is_gone_when_disposed()
    {
        StoreKey key = StoreKey.FromPassphrase("gone");
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Span.Length);
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        return path;
    }

    private static void AssertUnusable(Func<StoreKey> make)
    {
        StoreException exception = Assert.Throws<StoreException>(make);
        Assert.Equal(StoreErrorCode.KeyFileUnusable, exception.Code);
        Assert.NotEmpty(exception.Remedy);
    }
}
