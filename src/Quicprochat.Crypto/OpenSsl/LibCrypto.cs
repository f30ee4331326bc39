using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Quicprochat.Crypto.OpenSsl;

/// <summary>The functions of OpenSSL 3's libcrypto that are used, by their own names: the library that .NET itself loads on Linux.</summary>
internal static unsafe partial class LibCrypto
{
    public const int GetTag = 0x10;
    public const int SetTag = 0x11;

    private const string Library = "libcrypto.so.3";

    private static readonly Lazy<nint> _aes128Gcm = new(() => Fetch("AES-128-GCM"));
    private static readonly Lazy<nint> _aes256Gcm = new(() => Fetch("AES-256-GCM"));

    /// <summary>True when the library is there and has both ciphers.</summary>
    public static bool IsAvailable => Aes128Gcm != 0 && Aes256Gcm != 0;

    /// <summary>The cipher, fetched once and never freed; 0 where there is none.</summary>
    public static nint Aes128Gcm => _aes128Gcm.Value;

    /// <inheritdoc cref="Aes128Gcm"/>
    public static nint Aes256Gcm => _aes256Gcm.Value;

    private static nint Fetch(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        try
        {
            // .NET initializes the library its own way, without a handler that tears it down at exit under running threads. It must be first.
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            _ = SHA256.HashData([], digest);
            return EVP_CIPHER_fetch(0, name, 0);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return 0;
        }
    }

#pragma warning disable IDE1006 // the library's names
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint EVP_CIPHER_fetch(nint ctx, string algorithm, nint properties);

    [LibraryImport(Library)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_free(nint ctx);

    [LibraryImport(Library)]
    public static partial void ERR_clear_error();

    // With a cipher and a key: sets up the key schedule. With only an initialization vector: starts a message.
    [LibraryImport(Library)]
    public static partial int EVP_CipherInit_ex(nint ctx, nint cipher, nint engine, byte* key, byte* iv, int enc);

    [LibraryImport(Library)]
    public static partial int EVP_CipherUpdate(nint ctx, byte* output, out int outputLength, byte* input, int inputLength);

    // The same for the calls of a packet, each far below a microsecond: the collector need not be told of them, which is a third of the cost.
    [LibraryImport(Library, EntryPoint = nameof(EVP_CipherInit_ex))]
    [SuppressGCTransition]
    public static partial int ShortInit(nint ctx, nint cipher, nint engine, byte* key, byte* iv, int enc);

    [LibraryImport(Library, EntryPoint = nameof(EVP_CipherUpdate))]
    [SuppressGCTransition]
    public static partial int ShortUpdate(nint ctx, byte* output, int* outputLength, byte* input, int inputLength);

    [LibraryImport(Library, EntryPoint = "EVP_CipherFinal_ex")]
    [SuppressGCTransition]
    public static partial int ShortFinal(nint ctx, byte* output, int* outputLength);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_ctrl")]
    [SuppressGCTransition]
    public static partial int ShortControl(nint ctx, int type, int argument, byte* pointer);
#pragma warning restore IDE1006
}
