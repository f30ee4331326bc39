using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Quicprochat.Crypto.Aead;
using ChaCha20Poly1305 = Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305;

namespace Quicprochat.Crypto.Managed;

/// <summary>The AEADs of BouncyCastle. Each call allocates: the library takes nonces as arrays.</summary>
internal sealed class ManagedAead : AeadKey
{
    private readonly AeadAlgorithm _algorithm;
    private readonly byte[] _lastNonce = new byte[NonceSize];
    private IAeadCipher _cipher;
    private KeyParameter? _key;

    public ManagedAead(AeadAlgorithm algorithm, ReadOnlySpan<byte> key)
    {
        Length.Require(key.Length, KeySizeOf(algorithm));
        _key = new KeyParameter(key);
        _algorithm = algorithm;
        _cipher = CreateCipher(algorithm);
    }

    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData, Span<byte> @sealed)
    {
        Length.Require(@sealed.Length, plaintext.Length + TagSize);
        Start(encrypt: true, nonce, associatedData);
        var written = _cipher.ProcessBytes(plaintext, @sealed);
        _ = _cipher.DoFinal(@sealed[written..]);
    }

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> associatedData, Span<byte> plaintext)
    {
        if (@sealed.Length < TagSize)
        {
            Length.Require(nonce.Length, NonceSize);
            return false;
        }

        Length.Require(plaintext.Length, @sealed.Length - TagSize);
        Start(encrypt: false, nonce, associatedData);
        try
        {
            var written = _cipher.ProcessBytes(@sealed, plaintext);
            _ = _cipher.DoFinal(plaintext[written..]);
            return true;
        }
        catch (InvalidCipherTextException)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
        }
    }

    public override void Dispose() => _key = null;

    private static IAeadCipher CreateCipher(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm => new GcmBlockCipher(AesUtilities.CreateEngine()),
        AeadAlgorithm.ChaCha20Poly1305 => new ChaCha20Poly1305(),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    private void Start(bool encrypt, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData)
    {
        ObjectDisposedException.ThrowIf(_key is null, this);
        Length.Require(nonce.Length, NonceSize);

        // The library refuses to encrypt twice running with one nonce. Nonces are the caller's to judge, the same with every back end.
        if (nonce.SequenceEqual(_lastNonce))
        {
            _cipher = CreateCipher(_algorithm);
        }

        nonce.CopyTo(_lastNonce);
        _cipher.Init(encrypt, new AeadParameters(_key, 8 * TagSize, nonce.ToArray()));
        _cipher.ProcessAadBytes(associatedData);
    }
}
