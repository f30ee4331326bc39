using System.Security.Cryptography;
using System.Text;
using Quicprochat.Crypto;

namespace Quicprochat.Sdk.Store;

/// <summary>What opens a store: a passphrase, or a key from a file. It is zeroed when disposed; the store keeps no copy.</summary>
public sealed class StoreKey : IDisposable
{
    /// <summary>A key from a file or a credential has at least so many bytes.</summary>
    public const int KeySizeMin = 32;

    /// <summary>A key file is at most so long; a longer one is probably not a key file.</summary>
    public const int KeySizeMax = 4096;

    private const string CredentialFolder = "CREDENTIALS_DIRECTORY";

    private readonly Secret _secret;

    private StoreKey(StoreKeyKind kind, Secret secret) => (Kind, _secret) = (kind, secret);

    /// <summary>Which kind it is.</summary>
    public StoreKeyKind Kind { get; }

    internal ReadOnlySpan<byte> Span => _secret.Span;

    /// <summary>A passphrase, taken exactly as typed, as UTF-8.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static StoreKey FromPassphrase(ReadOnlySpan<char> passphrase)
    {
        if (passphrase.IsEmpty)
        {
            throw new ArgumentException("A passphrase has at least one character.", nameof(passphrase));
        }
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(passphrase)];
        try
        {
            Encoding.UTF8.GetBytes(passphrase, bytes);
            return new StoreKey(StoreKeyKind.Passphrase, Secret.Copy(bytes));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Random bytes, at least <see cref="KeySizeMin"/>.</summary>
    public static StoreKey FromBytes(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, KeySizeMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, KeySizeMax);
        return new StoreKey(StoreKeyKind.Key, Secret.Copy(key));
    }

    /// <summary>The bytes of a file: random ones, at least <see cref="KeySizeMin"/>, which nobody else may read.</summary>
    /// <exception cref="StoreException">The file cannot be read, is too short or too long, or others may read it.</exception>
    public static StoreKey FromFile(string path)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path)
            && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
        {
            throw Unusable($"Everybody on this machine can read the key file {path}.", "Take the right away: chmod 600.");
        }
        return Read(path, $"the key file {path}");
    }

    /// <summary>A credential that the service manager hands over (systemd: <c>LoadCredential=</c>, <c>LoadCredentialEncrypted=</c>).</summary>
    /// <exception cref="StoreException">There is no such credential, or it is too short or too long.</exception>
    public static StoreKey FromCredential(string name)
    {
        string? folder = Environment.GetEnvironmentVariable(CredentialFolder);
        if (string.IsNullOrEmpty(folder))
        {
            throw Unusable(
                $"There is no credential {name}: {CredentialFolder} is not set.", $"Run as a systemd service with LoadCredential={name}:/path/of/the/key, or name a key file.");
        }
        if (name.Length == 0 || name.AsSpan().ContainsAny('/', '\\') || name is "." or "..")
        {
            throw new ArgumentException("A credential is named by a file name.", nameof(name));
        }
        return Read(Path.Combine(folder, name), $"the credential {name}");
    }

    /// <inheritdoc/>
    public void Dispose() => _secret.Dispose();

    private static StoreKey Read(string path, string what)
    {
        byte[] bytes = new byte[KeySizeMax + 1];
        try
        {
            using FileStream file = File.OpenRead(path);
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length is < KeySizeMin or > KeySizeMax)
            {
                throw Unusable(
                    $"A key has {KeySizeMin} to {KeySizeMax} bytes, and {what} has {(length > KeySizeMax ? "more" : length)}.",
                    $"Make one: head -c {KeySizeMin} /dev/urandom.");
            }
            return new StoreKey(StoreKeyKind.Key, Secret.Copy(bytes.AsSpan(0, length)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"Cannot read {what}: {exception.Message}", "Check the path and its rights.", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static StoreException Unusable(string problem, string remedy, Exception? inner = null) =>
        new(StoreErrorCode.KeyFileUnusable, problem, remedy, inner);
}
