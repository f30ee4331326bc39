using System.Runtime.InteropServices;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Store.Sealing;

/// <summary>
/// Seals the rows of one table: <c>format u8 | salt 16 | nonce 12 | AES-256-GCM</c>. The key of a row is HMAC-SHA256 of the salt under the
/// table's key. A salt is drawn whenever a store is opened and after every 2^20 rows, and the nonces under it are random: two rows
/// under one key share a nonce with a chance below 2^-57 (NIST SP 800-38D §8.3 allows 2^-32), however many rows a store ever has.
/// </summary>
internal sealed class RowCipher(CryptoProvider crypto, IRandomSource random, Secret tableKey, int sealsMax = RowCipher.SealsMax) : IDisposable
{
    /// <summary>What a sealed row is longer than its content.</summary>
    public const int Overhead = HeaderSize + AeadKey.TagSize;

    private const byte Format = 1;
    private const int SaltSize = 16;
    private const int HeaderSize = 1 + SaltSize + AeadKey.NonceSize;
    private const int SealsMax = 1 << 20;
    private const int KeysMax = 64;

    private readonly Dictionary<UInt128, AeadKey> _keys = [];
    private UInt128 _salt;
    private int _sealsLeft;

    /// <param name="context">What the row is bound to besides its table.</param>
    /// <param name="content">What is sealed.</param>
    public byte[] Seal(ReadOnlySpan<byte> context, ReadOnlySpan<byte> content)
    {
        if (_sealsLeft == 0)
        {
            random.Fill(MemoryMarshal.AsBytes(new Span<UInt128>(ref _salt)));
            _sealsLeft = sealsMax;
        }
        _sealsLeft--;
        byte[] row = new byte[Overhead + content.Length];
        row[0] = Format;
        MemoryMarshal.Write(row.AsSpan(1), in _salt);
        Span<byte> nonce = row.AsSpan(1 + SaltSize, AeadKey.NonceSize);
        random.Fill(nonce);
        KeyOf(_salt).Seal(nonce, content, context, row.AsSpan(HeaderSize));
        return row;
    }

    /// <summary>The content of a row. The caller zeroes it where it is secret.</summary>
    /// <exception cref="StoreException">The row is not what was sealed in this place.</exception>
    public byte[] Open(ReadOnlySpan<byte> context, ReadOnlySpan<byte> row)
    {
        if (row.Length >= Overhead && row[0] == Format)
        {
            byte[] content = new byte[row.Length - Overhead];
            AeadKey key = KeyOf(MemoryMarshal.Read<UInt128>(row[1..]));
            if (key.TryOpen(row.Slice(1 + SaltSize, AeadKey.NonceSize), row[HeaderSize..], context, content))
            {
                return content;
            }
        }
        throw SqliteErrors.Damaged("A row is not what was stored in its place.");
    }

    public void Dispose()
    {
        Forget();
        tableKey.Dispose();
    }

    private AeadKey KeyOf(UInt128 salt)
    {
        if (_keys.TryGetValue(salt, out AeadKey? known))
        {
            return known;
        }
        if (_keys.Count == KeysMax)
        {
            Forget();
        }
        using Secret key = Secret.Create(StoreKeys.KeySize, (crypto, tableKey, salt), static (span, state) =>
            state.crypto.Hash(HashAlgorithm.Sha256).Hmac(state.tableKey.Span, MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(ref state.salt)), span));
        AeadKey made = crypto.CreateAeadKey(AeadAlgorithm.Aes256Gcm, key.Span);
        _keys.Add(salt, made);
        return made;
    }

    private void Forget()
    {
        foreach (AeadKey key in _keys.Values)
        {
            key.Dispose();
        }
        _keys.Clear();
    }
}
