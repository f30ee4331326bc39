using System.Text;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Sdk.Store.Sealing;

/// <summary>The data key of a store, and the keys that each table derives from it (HKDF-Expand, RFC 5869 §2.3).</summary>
internal sealed class StoreKeys(CryptoProvider crypto, IRandomSource random, Secret dataKey) : IDisposable
{
    public const int KeySize = 32;

    public Secret DataKey => dataKey;

    /// <summary>Seals the rows of a table.</summary>
    public RowCipher CreateCipher(string table) => new(crypto, random, Derive("seal", table));

    /// <summary>Names the rows of a table.</summary>
    public BlindIndex CreateIndex(string table) => new(crypto, Derive("index", table));

    public void Dispose() => dataKey.Dispose();

    private Secret Derive(string purpose, string table)
    {
        byte[] info = Encoding.ASCII.GetBytes($"qpc store v1 {purpose} {table}");
        return Secret.Create(KeySize, (crypto, dataKey, info), static (span, state) =>
            state.crypto.Hash(HashAlgorithm.Sha256).Expand(state.dataKey.Span, state.info, span));
    }
}
