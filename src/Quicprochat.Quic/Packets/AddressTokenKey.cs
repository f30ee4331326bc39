using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using HashAlgorithm = Quicprochat.Crypto.Hash.HashAlgorithm;

namespace Quicprochat.Quic.Packets;

/// <summary>
/// Seals and opens address validation tokens, so that a server remembers nothing of a client it has not heard from twice (RFC 9000 §8.1).
/// <code>
/// struct { uint8 kind; opaque salt[12]; opaque nonce[12]; opaque sealed[]; } token;
/// struct { uint64 issued_at; opaque address[16]; uint16 port; uint32 scope; opaque original&lt;0..20&gt;; opaque retry_source&lt;0..20&gt;; } plaintext;
/// </code>
/// AES-256-GCM under HKDF-Expand(key, salt), with everything before the sealed part as associated data. A salt serves for 2^24 tokens and
/// is then replaced: random nonces under one key would have to stop at 2^32 (NIST SP 800-38D §8.3), which a flood of Retries reaches in hours.
/// For one thread.
/// </summary>
internal sealed class AddressTokenKey : IDisposable
{
    /// <summary>Length of the key in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>The longest token.</summary>
    public const int TokenSizeMax = PrefixSize + PlaintextSizeMax + AeadKey.TagSize;

    /// <summary>How long a Retry token counts, in microseconds: a round trip and the client's patience.</summary>
    public const long RetryLifetime = 15L * 1_000_000;

    /// <summary>How long a NEW_TOKEN token counts, in microseconds.</summary>
    public const long NewTokenLifetime = 24L * 3600 * 1_000_000;

    private const int SaltSize = 12;
    private const int PrefixSize = 1 + SaltSize + AeadKey.NonceSize;
    private const int PlaintextSizeMax = 8 + 16 + 2 + 4 + (2 * (1 + ConnectionId.MaxLength));
    private const int DefaultTokensPerSalt = 1 << 24;

    private readonly CryptoProvider _provider;
    private readonly Secret _key;
    private readonly int _tokensPerSalt;
    private readonly byte[] _salt = new byte[SaltSize];
    private AeadKey? _saltedKey;
    private int _tokensOfSalt;

    /// <summary>Copies the 32 bytes of <paramref name="key"/>.</summary>
    public AddressTokenKey(CryptoProvider provider, ReadOnlySpan<byte> key, int tokensPerSalt = DefaultTokensPerSalt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize, nameof(key));
        _provider = provider;
        _key = Secret.Copy(key);
        _tokensPerSalt = tokensPerSalt;
    }

    /// <summary>Seals <paramref name="token"/> into <paramref name="destination"/>, at least <see cref="TokenSizeMax"/> bytes, and gives its length.</summary>
    public int Seal(in AddressToken token, IRandomSource random, Span<byte> destination)
    {
        AeadKey key = KeyForSealing(random);
        var writer = new Writer(destination);
        writer.WriteByte((byte)token.Kind);
        writer.WriteBytes(_salt);
        Span<byte> nonce = writer.Reserve(AeadKey.NonceSize);
        random.Fill(nonce);
        Span<byte> associatedData = writer.Written;
        WritePlaintext(ref writer, token);
        Span<byte> plaintext = writer.Written[PrefixSize..];
        writer.Reserve(AeadKey.TagSize);
        key.Seal(nonce, plaintext, associatedData, writer.Written[PrefixSize..]);
        return writer.Position;
    }

    /// <summary>Judges a token that came from <paramref name="remote"/>. Only a <see cref="AddressTokenStatus.Valid"/> one gives <paramref name="token"/>.</summary>
    public AddressTokenStatus Open(ReadOnlySpan<byte> bytes, in Address remote, long now, out AddressToken token)
    {
        token = default;
        if (bytes.Length is <= PrefixSize + AeadKey.TagSize or > TokenSizeMax)
        {
            return AddressTokenStatus.Ignored; // not of this server
        }
        var kind = (AddressTokenKind)bytes[0];
        if (kind is not (AddressTokenKind.Retry or AddressTokenKind.NewToken))
        {
            return AddressTokenStatus.Ignored;
        }
        Span<byte> buffer = stackalloc byte[PlaintextSizeMax];
        Span<byte> plaintext = buffer[..(bytes.Length - PrefixSize - AeadKey.TagSize)];
        bool isValid = TryUnseal(bytes, plaintext)
            && TryReadPlaintext(plaintext, kind, out token)
            && IsCurrent(token, now)
            && IsFrom(token, remote);
        if (isValid)
        {
            return AddressTokenStatus.Valid;
        }
        token = default;
        return kind == AddressTokenKind.Retry
            ? AddressTokenStatus.InvalidRetry // RFC 9000 §8.1.2
            : AddressTokenStatus.Ignored; // RFC 9000 §8.1.3
    }

    public void Dispose()
    {
        _key.Dispose();
        _saltedKey?.Dispose();
    }

    private static void WritePlaintext(ref Writer writer, in AddressToken token)
    {
        writer.WriteUInt64(unchecked((ulong)token.IssuedAt));
        token.Remote.WriteBytes(writer.Reserve(16));
        writer.WriteUInt16(token.Remote.Port);
        writer.WriteUInt32(token.Remote.ScopeId);
        writer.WriteByte((byte)token.OriginalDestination.Length);
        writer.WriteConnectionId(token.OriginalDestination);
        writer.WriteByte((byte)token.RetrySource.Length);
        writer.WriteConnectionId(token.RetrySource);
    }

    private static bool TryReadPlaintext(ReadOnlySpan<byte> plaintext, AddressTokenKind kind, out AddressToken token)
    {
        token = default;
        var reader = new Reader(plaintext);
        if (!reader.TryReadUInt64(out ulong issuedAt) || !reader.TryReadBytes(16, out ReadOnlySpan<byte> address)
            || !reader.TryReadUInt16(out ushort port) || !reader.TryReadUInt32(out uint scope)
            || !reader.TryReadByte(out byte originalLength) || !reader.TryReadConnectionId(originalLength, out ConnectionId original)
            || !reader.TryReadByte(out byte retryLength) || !reader.TryReadConnectionId(retryLength, out ConnectionId retrySource)
            || !reader.IsAtEnd)
        {
            return false;
        }
        token = new AddressToken(kind, Address.FromBytes(address, port, scope), unchecked((long)issuedAt))
        {
            OriginalDestination = original,
            RetrySource = retrySource,
        };
        return true;
    }

    private static bool IsCurrent(in AddressToken token, long now)
    {
        long lifetime = token.Kind == AddressTokenKind.Retry ? RetryLifetime : NewTokenLifetime;
        return unchecked((ulong)now - (ulong)token.IssuedAt) <= (ulong)lifetime; // one issued in the future has a huge age
    }

    private static bool IsFrom(in AddressToken token, in Address remote) =>
        token.Kind == AddressTokenKind.Retry ? token.Remote == remote : token.Remote.SameHost(remote);

    private bool TryUnseal(ReadOnlySpan<byte> bytes, Span<byte> plaintext)
    {
        ReadOnlySpan<byte> salt = bytes.Slice(1, SaltSize);
        ReadOnlySpan<byte> nonce = bytes.Slice(1 + SaltSize, AeadKey.NonceSize);
        if (_saltedKey is not null && salt.SequenceEqual(_salt))
        {
            return _saltedKey.TryOpen(nonce, bytes[PrefixSize..], bytes[..PrefixSize], plaintext);
        }
        using AeadKey older = DeriveKey(salt);
        return older.TryOpen(nonce, bytes[PrefixSize..], bytes[..PrefixSize], plaintext);
    }

    private AeadKey KeyForSealing(IRandomSource random)
    {
        if (_saltedKey is null || _tokensOfSalt == _tokensPerSalt)
        {
            _saltedKey?.Dispose();
            random.Fill(_salt);
            _saltedKey = DeriveKey(_salt);
            _tokensOfSalt = 0;
        }
        _tokensOfSalt++;
        return _saltedKey;
    }

    private AeadKey DeriveKey(ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[KeySize];
        _provider.Hash(HashAlgorithm.Sha256).Expand(_key.Span, salt, key);
        AeadKey derived = _provider.CreateAeadKey(AeadAlgorithm.Aes256Gcm, key);
        CryptographicOperations.ZeroMemory(key);
        return derived;
    }
}
