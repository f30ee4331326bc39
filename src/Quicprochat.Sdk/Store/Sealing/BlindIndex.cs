using System.Buffers.Binary;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Sdk.Store.Sealing;

/// <summary>
/// Names under which rows are found without telling what they are about: HMAC-SHA256 under a key of the table, cut to 16 bytes. The same
/// thing has other names in other tables, and the same key another name under another owner.
/// </summary>
internal sealed class BlindIndex(CryptoProvider crypto, Secret key) : IDisposable
{
    public const int Size = 16;

    private readonly HashFunction _hash = crypto.Hash(HashAlgorithm.Sha256);

    public void NameOwner(ReadOnlySpan<byte> owner, Span<byte> name) => Compute(0, owner, default, name);

    public void NameKey(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> key, Span<byte> name) => Compute(1, owner, key, name);

    public void Dispose() => key.Dispose();

    private void Compute(byte kind, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> rest, Span<byte> name)
    {
        int length = 5 + owner.Length + rest.Length;
        Span<byte> data = length <= 256 ? stackalloc byte[length] : new byte[length];
        data[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(data[1..], owner.Length);
        owner.CopyTo(data[5..]);
        rest.CopyTo(data[(5 + owner.Length)..]);
        Span<byte> tag = stackalloc byte[32];
        _hash.Hmac(key.Span, data, tag);
        tag[..Size].CopyTo(name);
    }
}
