using System.Runtime.InteropServices;

namespace Quicprochat.Crypto.Sodium;

/// <summary>The functions of libsodium that are used, by their own names. Nothing here checks lengths: the classes around it do.</summary>
internal static partial class LibSodium
{

    private const string Library = "libsodium";

    private static readonly Lazy<bool> _loaded = new(Load);

    /// <summary>True when the library is found, initializes, and is recent enough to know ML-KEM.</summary>
    public static bool IsAvailable => _loaded.Value;

    private static bool Load()
    {
        try
        {
            // -1 is a failure, 1 means that someone else in the process was first.
            return sodium_init() >= 0
                && crypto_kem_mlkem768_secretkeybytes() == SodiumMlKem768.ExpandedKeySize;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }

#pragma warning disable IDE1006 // the library's names
    [LibraryImport(Library)]
    public static partial int sodium_init();

    [LibraryImport(Library)]
    public static partial nuint crypto_kem_mlkem768_secretkeybytes();

    [LibraryImport(Library)]
    public static partial int crypto_scalarmult_curve25519(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p);

    [LibraryImport(Library)]
    public static partial int crypto_scalarmult_curve25519_base(Span<byte> q, ReadOnlySpan<byte> n);

    [LibraryImport(Library)]
    public static partial int crypto_sign_ed25519_seed_keypair(Span<byte> pk, Span<byte> sk, ReadOnlySpan<byte> seed);

    [LibraryImport(Library)]
    public static partial int crypto_sign_ed25519_detached(Span<byte> sig, nint siglen, ReadOnlySpan<byte> m, ulong mlen, ReadOnlySpan<byte> sk);

    [LibraryImport(Library)]
    public static partial int crypto_sign_ed25519_verify_detached(ReadOnlySpan<byte> sig, ReadOnlySpan<byte> m, ulong mlen, ReadOnlySpan<byte> pk);

    [LibraryImport(Library)]
    public static partial int crypto_kem_mlkem768_seed_keypair(Span<byte> pk, Span<byte> sk, ReadOnlySpan<byte> seed);

    [LibraryImport(Library)]
    public static partial int crypto_kem_mlkem768_enc_deterministic(Span<byte> ct, Span<byte> ss, ReadOnlySpan<byte> pk, ReadOnlySpan<byte> seed);

    [LibraryImport(Library)]
    public static partial int crypto_kem_mlkem768_dec(Span<byte> ss, ReadOnlySpan<byte> ct, ReadOnlySpan<byte> sk);

    [LibraryImport(Library)]
    public static partial int crypto_hash_sha3256(Span<byte> @out, ReadOnlySpan<byte> @in, ulong inlen);

    [LibraryImport(Library)]
    public static partial int crypto_xof_shake256(Span<byte> @out, nuint outlen, ReadOnlySpan<byte> @in, ulong inlen);

    [LibraryImport(Library)]
    public static partial int crypto_aead_chacha20poly1305_ietf_encrypt(
        Span<byte> c, nint clen_p, ReadOnlySpan<byte> m, ulong mlen, ReadOnlySpan<byte> ad, ulong adlen, nint nsec, ReadOnlySpan<byte> npub, ReadOnlySpan<byte> k);

    [LibraryImport(Library)]
    public static partial int crypto_aead_chacha20poly1305_ietf_decrypt(
        Span<byte> m, nint mlen_p, nint nsec, ReadOnlySpan<byte> c, ulong clen, ReadOnlySpan<byte> ad, ulong adlen, ReadOnlySpan<byte> npub, ReadOnlySpan<byte> k);

    [LibraryImport(Library)]
    public static partial int crypto_pwhash(
        Span<byte> @out, ulong outlen, ReadOnlySpan<byte> passwd, ulong passwdlen, ReadOnlySpan<byte> salt, ulong opslimit, nuint memlimit, int alg);

    // One block: far below a microsecond, so the collector need not be told.
    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int crypto_stream_chacha20_ietf_xor_ic(Span<byte> c, ReadOnlySpan<byte> m, ulong mlen, ReadOnlySpan<byte> n, uint ic, ReadOnlySpan<byte> k);
#pragma warning restore IDE1006
}
