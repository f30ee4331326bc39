using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using HashAlgorithm = Quicprochat.Crypto.Hash.HashAlgorithm;

namespace Quicprochat.Crypto.Hpke;

/// <summary>
/// Hybrid public key encryption (RFC 9180) with one KEM, KDF and AEAD, in base and PSK mode. Immutable and safe to share between threads.
/// Keys and encapsulations that a peer sent are judged by the return value.
/// </summary>
public sealed class HpkeSuite
{
    private const ushort ExportOnly = 0xffff;
    private const byte ModeBase = 0x00;
    private const byte ModePsk = 0x01;
    private const int KeySizeMax = 32;

    private readonly CryptoProvider _provider;
    private readonly LabeledKdf _kdf;
    private readonly byte[] _noPskIdHash;

    /// <summary>A suite that encrypts.</summary>
    public HpkeSuite(CryptoProvider provider, KemAlgorithm kem, HashAlgorithm kdf, AeadAlgorithm aead)
        : this(provider, kem, kdf, (AeadAlgorithm?)aead)
    {
    }

    /// <summary>A suite that only exports secrets (RFC 9180 §5.3, AEAD 0xffff).</summary>
    public HpkeSuite(CryptoProvider provider, KemAlgorithm kem, HashAlgorithm kdf)
        : this(provider, kem, kdf, null)
    {
    }

    private HpkeSuite(CryptoProvider provider, KemAlgorithm kem, HashAlgorithm kdf, AeadAlgorithm? aead)
    {
        _provider = provider;
        Kem = provider.Kem(kem);
        Kdf = kdf;
        Aead = aead;

        // "HPKE" ‖ kem_id ‖ kdf_id ‖ aead_id (RFC 9180 §5.1).
        var suiteId = new byte[10];
        "HPKE"u8.CopyTo(suiteId);
        BinaryPrimitives.WriteUInt16BigEndian(suiteId.AsSpan(4), (ushort)kem);
        BinaryPrimitives.WriteUInt16BigEndian(suiteId.AsSpan(6), KdfId(kdf));
        BinaryPrimitives.WriteUInt16BigEndian(suiteId.AsSpan(8), aead is { } id ? (ushort)id : ExportOnly);
        _kdf = new LabeledKdf(provider.Hash(kdf), suiteId);
        _noPskIdHash = new byte[_kdf.Size];
        _kdf.Extract([], "psk_id_hash"u8, [], _noPskIdHash);
    }

    /// <summary>The KEM, whose properties tell the lengths of keys and encapsulations.</summary>
    public KeyEncapsulation Kem { get; }

    /// <summary>The hash under HKDF.</summary>
    public HashAlgorithm Kdf { get; }

    /// <summary>The AEAD, or null for a suite that only exports.</summary>
    public AeadAlgorithm? Aead { get; }

    /// <summary>Hashes <paramref name="info"/> as the key schedule of this suite does (RFC 9180 §5.1), once for all who are sent something with it.</summary>
    public HpkeInfo HashInfo(ReadOnlySpan<byte> info)
    {
        var hash = new byte[_kdf.Size];
        _kdf.Extract([], "info_hash"u8, info, hash);
        return new HpkeInfo(this, hash);
    }

    /// <summary>
    /// Encrypts one message to <paramref name="publicKey"/>, in base mode (RFC 9180 §6.1). <paramref name="encapsulation"/> has the KEM's length,
    /// <paramref name="ciphertext"/> is <see cref="AeadKey.TagSize"/> bytes longer than <paramref name="plaintext"/>. False when the public key is not valid.
    /// </summary>
    public bool TrySeal(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> info,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext,
        IRandomSource random,
        Span<byte> encapsulation,
        Span<byte> ciphertext) =>
        TrySeal(publicKey, HashInfo(info), associatedData, plaintext, random, encapsulation, ciphertext);

    /// <summary>The same, with an info that has been hashed already.</summary>
    /// <exception cref="ArgumentException">The info was hashed by another suite.</exception>
    public bool TrySeal(
        ReadOnlySpan<byte> publicKey,
        HpkeInfo info,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext,
        IRandomSource random,
        Span<byte> encapsulation,
        Span<byte> ciphertext)
    {
        Length.Require(ciphertext.Length, plaintext.Length + AeadKey.TagSize);
        if (!TrySetupSender(publicKey, info, random, encapsulation, out var context))
        {
            return false;
        }

        using (context)
        {
            context.Seal(associatedData, plaintext, ciphertext);
        }

        return true;
    }

    /// <summary>
    /// Decrypts one message, in base mode (RFC 9180 §6.1). <paramref name="plaintext"/> is <see cref="AeadKey.TagSize"/> bytes shorter than
    /// <paramref name="ciphertext"/>. False when the encapsulation is not valid or the message was not sealed to this key, with this info and associated data.
    /// </summary>
    public bool TryOpen(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> encapsulation,
        ReadOnlySpan<byte> info,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> plaintext) =>
        TryOpen(privateKey, encapsulation, HashInfo(info), associatedData, ciphertext, plaintext);

    /// <summary>The same, with an info that has been hashed already.</summary>
    /// <exception cref="ArgumentException">The info was hashed by another suite.</exception>
    public bool TryOpen(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> encapsulation,
        HpkeInfo info,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> plaintext)
    {
        if (!TrySetupReceiver(privateKey, encapsulation, info, out var context))
        {
            return false;
        }

        using (context)
        {
            return context.TryOpen(associatedData, ciphertext, plaintext);
        }
    }

    /// <summary>
    /// The sender's context (RFC 9180 §5.1.1, §5.1.2), with <paramref name="encapsulation"/> for the receiver; false when the public key is not valid.
    /// The caller disposes the context.
    /// </summary>
    public bool TrySetupSender(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> info,
        IRandomSource random,
        Span<byte> encapsulation,
        [NotNullWhen(true)] out HpkeContext? context,
        HpkePsk psk = default) =>
        TrySetupSender(publicKey, HashInfo(info), random, encapsulation, out context, psk);

    private bool TrySetupSender(
        ReadOnlySpan<byte> publicKey,
        HpkeInfo info,
        IRandomSource random,
        Span<byte> encapsulation,
        [NotNullWhen(true)] out HpkeContext? context,
        HpkePsk psk = default)
    {
        info.Require(this);
        Span<byte> sharedSecret = stackalloc byte[HashFunction.SizeMax];
        sharedSecret = sharedSecret[..Kem.SharedSecretSize];
        context = Kem.TryEncapsulate(publicKey, random, encapsulation, sharedSecret)
            ? Schedule(isSender: true, sharedSecret, info, psk)
            : null;
        CryptographicOperations.ZeroMemory(sharedSecret);
        return context is not null;
    }

    /// <summary>
    /// The receiver's context (RFC 9180 §5.1.1, §5.1.2); false when the encapsulation is not valid for this private key. The caller disposes the context.
    /// </summary>
    public bool TrySetupReceiver(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> encapsulation,
        ReadOnlySpan<byte> info,
        [NotNullWhen(true)] out HpkeContext? context,
        HpkePsk psk = default) =>
        TrySetupReceiver(privateKey, encapsulation, HashInfo(info), out context, psk);

    private bool TrySetupReceiver(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> encapsulation,
        HpkeInfo info,
        [NotNullWhen(true)] out HpkeContext? context,
        HpkePsk psk = default)
    {
        info.Require(this);
        Span<byte> sharedSecret = stackalloc byte[HashFunction.SizeMax];
        sharedSecret = sharedSecret[..Kem.SharedSecretSize];
        context = Kem.TryDecapsulate(privateKey, encapsulation, sharedSecret)
            ? Schedule(isSender: false, sharedSecret, info, psk)
            : null;
        CryptographicOperations.ZeroMemory(sharedSecret);
        return context is not null;
    }

    // KeySchedule (RFC 9180 §5.1).
    private HpkeContext Schedule(bool isSender, ReadOnlySpan<byte> sharedSecret, HpkeInfo info, HpkePsk psk)
    {
        var size = _kdf.Size;
        Span<byte> context = stackalloc byte[1 + (2 * HashFunction.SizeMax)];
        context = context[..(1 + (2 * size))];
        var pskIdHash = context.Slice(1, size);
        if (psk.IsEmpty)
        {
            context[0] = ModeBase;
            _noPskIdHash.CopyTo(pskIdHash);
        }
        else
        {
            context[0] = ModePsk;
            _kdf.Extract([], "psk_id_hash"u8, psk.Id, pskIdHash);
        }

        info.Hash.CopyTo(context[(1 + size)..]);

        Span<byte> secrets = stackalloc byte[(2 * HashFunction.SizeMax) + KeySizeMax + AeadKey.NonceSize];
        var secret = secrets[..size];
        var exporterSecret = secrets.Slice(HashFunction.SizeMax, size);
        var key = secrets.Slice(2 * HashFunction.SizeMax, Aead is { } aead ? AeadKey.KeySizeOf(aead) : 0);
        var baseNonce = secrets[^AeadKey.NonceSize..];
        _kdf.Extract(sharedSecret, "secret"u8, psk.Key, secret);
        if (Aead is not null)
        {
            _kdf.Expand(secret, "key"u8, context, key);
            _kdf.Expand(secret, "base_nonce"u8, context, baseNonce);
        }

        _kdf.Expand(secret, "exp"u8, context, exporterSecret);
        var aeadKey = Aead is { } algorithm ? _provider.CreateAeadKey(algorithm, key) : null;
        var result = new HpkeContext(_kdf, isSender, aeadKey, baseNonce, exporterSecret);
        CryptographicOperations.ZeroMemory(secrets);
        return result;
    }

    private static ushort KdfId(HashAlgorithm kdf) => kdf switch
    {
        HashAlgorithm.Sha256 => 0x0001,
        HashAlgorithm.Sha384 => 0x0002,
        HashAlgorithm.Sha512 => 0x0003,
        _ => throw new ArgumentOutOfRangeException(nameof(kdf)),
    };
}
