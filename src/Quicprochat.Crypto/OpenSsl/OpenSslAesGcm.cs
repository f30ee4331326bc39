using System.Security.Cryptography;
using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.OpenSsl;

/// <summary>
/// AES-GCM of libcrypto, called without .NET's own layer, which costs more than the encryption of a packet. A tag that does not fit costs no exception here.
/// </summary>
internal sealed unsafe class OpenSslAesGcm : AeadKey
{
    // What takes longer than this many bytes take must let the collector run meanwhile.
    private const int ShortSizeMax = 2048;
    private const int Encrypt = 1;
    private const int Decrypt = 0;

    private readonly CipherContext _context = new();

    public OpenSslAesGcm(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        Length.Require(key.Length, KeySizeOf(algorithm));
        var cipher = algorithm == AeadAlgorithm.Aes128Gcm ? LibCrypto.Aes128Gcm : LibCrypto.Aes256Gcm;
        fixed (byte* pointer = key)
        {
            Check(LibCrypto.EVP_CipherInit_ex(_context.DangerousGetHandle(), cipher, 0, pointer, null, Encrypt));
        }
    }

    public static bool IsAvailable => LibCrypto.IsAvailable;

    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> @sealed)
    {
        Length.Require(nonce.Length, NonceSize);
        Length.Require(@sealed.Length, plaintext.Length + TagSize);
        var context = Start(nonce, associatedData, Encrypt);
        Process(context, plaintext, @sealed);
        fixed (byte* tag = @sealed[plaintext.Length..])
        {
            int none;
            Check(LibCrypto.ShortFinal(context, tag, &none));
            Check(LibCrypto.ShortControl(context, LibCrypto.GetTag, TagSize, tag));
        }

        GC.KeepAlive(_context);
    }

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        Length.Require(nonce.Length, NonceSize);
        if (@sealed.Length < TagSize)
        {
            return false;
        }

        Length.Require(plaintext.Length, @sealed.Length - TagSize);
        var context = Start(nonce, associatedData, Decrypt);
        Process(context, @sealed[..^TagSize], plaintext);
        bool fits;
        fixed (byte* tag = @sealed[^TagSize..])
        {
            int none;
            byte unused;
            Check(LibCrypto.ShortControl(context, LibCrypto.SetTag, TagSize, tag));
            fits = LibCrypto.ShortFinal(context, &unused, &none) > 0;
        }

        GC.KeepAlive(_context);
        if (!fits)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            LibCrypto.ERR_clear_error();
        }

        return fits;
    }

    public override void Dispose() => _context.Dispose();

    private nint Start(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, int direction)
    {
        ObjectDisposedException.ThrowIf(_context.IsClosed, this);
        var context = _context.DangerousGetHandle();
        fixed (byte* pointer = nonce)
        {
            Check(LibCrypto.ShortInit(context, 0, 0, null, pointer, direction));
        }

        Update(context, associatedData, null);
        return context;
    }

    private static void Process(nint context, ReadOnlySpan<byte> input, Span<byte> output)
    {
        fixed (byte* pointer = output)
        {
            Update(context, input, pointer);
        }
    }

    private static void Update(nint context, ReadOnlySpan<byte> input, byte* output)
    {
        if (input.IsEmpty)
        {
            return;
        }

        int written;
        fixed (byte* pointer = input)
        {
            Check(input.Length <= ShortSizeMax
                ? LibCrypto.ShortUpdate(context, output, &written, pointer, input.Length)
                : LibCrypto.EVP_CipherUpdate(context, output, out written, pointer, input.Length));
        }
    }

    private static void Check(int result)
    {
        if (result <= 0)
        {
            LibCrypto.ERR_clear_error();
            throw new CryptographicException("libcrypto failed at AES-GCM.");
        }
    }
}
