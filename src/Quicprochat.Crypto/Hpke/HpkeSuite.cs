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
    private const int ContextSizeMax = 1 + (2 * HashFunction.SizeMax);

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
        info.Require(this);
        Span<byte> sharedSecret = stackalloc byte[HashFunction.SizeMax];
        sharedSecret = sharedSecret[..Kem.SharedSecretSize];
        if (!Kem.TryEncapsulate(publicKey, random, encapsulation, sharedSecret))
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        using var key = FirstKey(sharedSecret, info, nonce);
        key.Seal(nonce, plaintext, associatedData, ciphertext);
        CryptographicOperations.ZeroMemory(sharedSecret);
        CryptographicOperations.ZeroMemory(nonce);
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
        info.Require(this);
        Span<byte> sharedSecret = stackalloc byte[HashFunction.SizeMax];
        sharedSecret = sharedSecret[..Kem.SharedSecretSize];
        if (!Kem.TryDecapsulate(privateKey, encapsulation, sharedSecret))
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        using var key = FirstKey(sharedSecret, info, nonce);
        var opened = key.TryOpen(nonce, ciphertext, associatedData, plaintext);
        CryptographicOperations.ZeroMemory(sharedSecret);
        CryptographicOperations.ZeroMemory(nonce);
        return opened;
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
        HpkePsk psk = default)
    {
        Span<byte> sharedSecret = stackalloc byte[HashFunction.SizeMax];
        sharedSecret = sharedSecret[..Kem.SharedSecretSize];
        context = Kem.TryEncapsulate(publicKey, random, encapsulation, sharedSecret)
            ? CreateContext(isSender: true, sharedSecret, HashInfo(info), psk)
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
        HpkePsk psk = default)
    {
        Span<byte> sharedSecret = stackalloc byte[HashFunction.SizeMax];
        sharedSecret = sharedSecret[..Kem.SharedSecretSize];
        context = Kem.TryDecapsulate(privateKey, encapsulation, sharedSecret)
            ? CreateContext(isSender: false, sharedSecret, HashInfo(info), psk)
            : null;
        CryptographicOperations.ZeroMemory(sharedSecret);
        return context is not null;
    }

    // All that a single message needs of the key schedule, in base mode: a context would also expand an exporter secret, and count.
    private AeadKey FirstKey(ReadOnlySpan<byte> sharedSecret, HpkeInfo info, Span<byte> nonce)
    {
        if (Aead is not { } aead)
        {
            throw new InvalidOperationException("The suite is export-only (RFC 9180 §5.3).");
        }

        Span<byte> context = stackalloc byte[ContextSizeMax];
        Span<byte> secrets = stackalloc byte[HashFunction.SizeMax + KeySizeMax];
        var secret = secrets[.._kdf.Size];
        context = Schedule(sharedSecret, info, default, context, secret);
        var key = secrets.Slice(HashFunction.SizeMax, AeadKey.KeySizeOf(aead));
        _kdf.Expand(secret, "key"u8, context, key);
        _kdf.Expand(secret, "base_nonce"u8, context, nonce);
        var result = _provider.CreateAeadKey(aead, key);
        CryptographicOperations.ZeroMemory(secrets);
        return result;
    }

    private HpkeContext CreateContext(bool isSender, ReadOnlySpan<byte> sharedSecret, HpkeInfo info, HpkePsk psk)
    {
        var size = _kdf.Size;
        Span<byte> context = stackalloc byte[ContextSizeMax];
        Span<byte> secrets = stackalloc byte[(2 * HashFunction.SizeMax) + KeySizeMax + AeadKey.NonceSize];
        var secret = secrets[..size];
        var exporterSecret = secrets.Slice(HashFunction.SizeMax, size);
        var key = secrets.Slice(2 * HashFunction.SizeMax, Aead is { } aead ? AeadKey.KeySizeOf(aead) : 0);
        var baseNonce = secrets[^AeadKey.NonceSize..];
        context = Schedule(sharedSecret, info, psk, context, secret);
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

    // KeySchedule (RFC 9180 §5.1), up to the secret and the key_schedule_context from which the rest is expanded.
    private Span<byte> Schedule(ReadOnlySpan<byte> sharedSecret, HpkeInfo info, HpkePsk psk, Span<byte> context, Span<byte> secret)
    {
        var size = _kdf.Size;
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
        _kdf.Extract(sharedSecret, "secret"u8, psk.Key, secret);
        return context[..(1 + (2 * size))];
    }

    private static ushort KdfId(HashAlgorithm kdf) => kdf switch
    {
        HashAlgorithm.Sha256 => 0x0001,
        HashAlgorithm.Sha384 => 0x0002,
        HashAlgorithm.Sha512 => 0x0003,
        _ => throw new ArgumentOutOfRangeException(nameof(kdf)),
    };
}
