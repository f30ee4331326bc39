using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Passwords;

namespace Quicprochat.Sdk.Store.Sealing;

/// <summary>
/// The one row in clear: how the wrapping key is made, and the data key wrapped under it.
/// <code>version u8 | kind u8 | memory KiB u32 | passes u32 | salt 16 | nonce 12 | data key 32, AES-256-GCM | tag 16</code>
/// What stands before the nonce is the associated data, so whoever lowers the cost has another key.
/// </summary>
internal sealed class StoreHeader
{
    private const byte FormatVersion = 1;
    private const int ClearSize = 2 + (2 * sizeof(uint)) + PasswordHash.SaltSize;
    private const int Size = ClearSize + AeadKey.NonceSize + StoreKeys.KeySize + AeadKey.TagSize;

    // What a header may ask for before anybody knows who wrote it.
    private const int MemoryKibMax = 2 * 1024 * 1024;
    private const int PassesMax = 1000;

    private readonly byte[] _bytes;

    private StoreHeader(byte[] bytes) => _bytes = bytes;

    /// <summary>What opens it.</summary>
    public StoreKeyKind Kind => (StoreKeyKind)_bytes[1];

    public ReadOnlySpan<byte> Bytes => _bytes;

    private ReadOnlySpan<byte> Clear => _bytes.AsSpan(0, ClearSize);

    private ReadOnlySpan<byte> Salt => _bytes.AsSpan(ClearSize - PasswordHash.SaltSize, PasswordHash.SaltSize);

    private PassphraseCost Cost => new(
        (int)uint.Min(BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(2)), int.MaxValue), (int)uint.Min(BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(6)), int.MaxValue));

    /// <summary>Wraps <paramref name="dataKey"/> under <paramref name="key"/>, with a new salt.</summary>
    public static StoreHeader Wrap(LocalStoreOptions options, StoreKey key, Secret dataKey)
    {
        var header = new StoreHeader(new byte[Size]);
        Span<byte> bytes = header._bytes;
        PassphraseCost cost = key.Kind == StoreKeyKind.Passphrase ? options.PassphraseCost : default;
        bytes[0] = FormatVersion;
        bytes[1] = (byte)key.Kind;
        BinaryPrimitives.WriteInt32BigEndian(bytes[2..], cost.MemoryKib);
        BinaryPrimitives.WriteInt32BigEndian(bytes[6..], cost.Passes);
        options.Random.Fill(bytes.Slice(ClearSize - PasswordHash.SaltSize, PasswordHash.SaltSize));
        Span<byte> nonce = bytes.Slice(ClearSize, AeadKey.NonceSize);
        options.Random.Fill(nonce);
        using AeadKey wrapping = header.WrappingKey(options.Crypto, key);
        wrapping.Seal(nonce, dataKey.Span, header.Clear, bytes[(ClearSize + AeadKey.NonceSize)..]);
        return header;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StoreHeader? header)
    {
        header = null;
        if (bytes.Length != Size || bytes[0] != FormatVersion)
        {
            return false;
        }
        var read = new StoreHeader(bytes.ToArray());
        bool known = read.Kind switch
        {
            StoreKeyKind.Passphrase =>
                read.Cost.MemoryKib is >= PasswordHash.MemoryKibMin and <= MemoryKibMax && read.Cost.Passes is >= 1 and <= PassesMax,
            StoreKeyKind.Key => true,
            _ => false,
        };
        header = known ? read : null;
        return known;
    }

    /// <summary>The data key.</summary>
    /// <exception cref="StoreException">The key is another one, or of another kind.</exception>
    public Secret Unwrap(CryptoProvider crypto, StoreKey key)
    {
        if (key.Kind != Kind)
        {
            throw Kind == StoreKeyKind.Passphrase
                ? new StoreException(StoreErrorCode.WrongKeyKind, "This store is opened by a passphrase.", "Type it, instead of naming a key file.")
                : new StoreException(StoreErrorCode.WrongKeyKind, "This store is opened by a key file or credential.", "Name it, instead of typing a passphrase.");
        }
        Span<byte> dataKey = stackalloc byte[StoreKeys.KeySize];
        try
        {
            using AeadKey wrapping = WrappingKey(crypto, key);
            ReadOnlySpan<byte> wrapped = _bytes.AsSpan(ClearSize);
            return wrapping.TryOpen(wrapped[..AeadKey.NonceSize], wrapped[AeadKey.NonceSize..], Clear, dataKey)
                ? Secret.Copy(dataKey)
                : throw WrongKey();
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private StoreException WrongKey() => Kind == StoreKeyKind.Passphrase
        ? new StoreException(StoreErrorCode.WrongKey, "The passphrase is not the one of this store.", "Try again; there is no way in without it.")
        : new StoreException(StoreErrorCode.WrongKey, "The key is not the one of this store.", "Name the key file or credential that the store was made with.");

    private AeadKey WrappingKey(CryptoProvider crypto, StoreKey key)
    {
        using Secret made = Secret.Create(StoreKeys.KeySize, (crypto, key, header: this), static (span, state) => state.header.DeriveWrappingKey(state.crypto, state.key, span));
        return crypto.CreateAeadKey(AeadAlgorithm.Aes256Gcm, made.Span);
    }

    private void DeriveWrappingKey(CryptoProvider crypto, StoreKey key, Span<byte> wrapping)
    {
        if (key.Kind == StoreKeyKind.Passphrase)
        {
            crypto.Argon2id.Derive(key.Span, Salt, Cost.MemoryKib, Cost.Passes, wrapping);
            return;
        }
        HashFunction hash = crypto.Hash(HashAlgorithm.Sha256);
        using Secret extracted = Secret.Create(hash.Size, (hash, key, header: this), static (span, state) =>
            state.hash.Extract(state.header.Salt, state.key.Span, span));
        hash.Expand(extracted.Span, Encoding.ASCII.GetBytes("qpc store v1 wrap"), wrapping);
    }
}
