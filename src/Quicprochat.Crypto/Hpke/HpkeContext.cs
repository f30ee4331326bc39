using System.Buffers.Binary;
using Quicprochat.Crypto.Aead;

namespace Quicprochat.Crypto.Hpke;

/// <summary>
/// One side of an HPKE encryption context (RFC 9180 §5.2, §5.3). The sender's seals, the receiver's opens, in order; both export. For one thread.
/// Disposing zeroes its keys.
/// </summary>
public sealed class HpkeContext : IDisposable
{
    private readonly LabeledKdf _kdf;
    private readonly bool _isSender;
    private readonly AeadKey? _key;
    private readonly Secret _baseNonce;
    private readonly Secret _exporterSecret;

    internal HpkeContext(LabeledKdf kdf, bool isSender, AeadKey? key, ReadOnlySpan<byte> baseNonce, ReadOnlySpan<byte> exporterSecret)
    {
        _kdf = kdf;
        _isSender = isSender;
        _key = key;
        _baseNonce = Secret.Copy(baseNonce);
        _exporterSecret = Secret.Copy(exporterSecret);
    }

    /// <summary>
    /// The number of messages sealed or opened so far. At its highest value the context is spent: the limit of RFC 9180 §5.2 is 2^96 - 1, this one is 2^64 - 1.
    /// </summary>
    public ulong SequenceNumber { get; internal set; }

    /// <summary>
    /// Encrypts the next message into <paramref name="ciphertext"/>, which is <see cref="AeadKey.TagSize"/> bytes longer than <paramref name="plaintext"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">This is the receiver's side, the suite only exports, or the message limit is reached.</exception>
    public void Seal(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        var key = KeyFor(sender: true);
        if (SequenceNumber == ulong.MaxValue)
        {
            throw new InvalidOperationException("The message limit is reached (RFC 9180 §5.2).");
        }

        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        ComputeNonce(nonce);
        key.Seal(nonce, plaintext, associatedData, ciphertext);
        SequenceNumber++;
    }

    /// <summary>
    /// Decrypts the next message into <paramref name="plaintext"/>, which is <see cref="AeadKey.TagSize"/> bytes shorter than <paramref name="ciphertext"/>.
    /// False, with the context unchanged, when it was not sealed as the next one, or the message limit is reached.
    /// </summary>
    /// <exception cref="InvalidOperationException">This is the sender's side, or the suite only exports.</exception>
    public bool TryOpen(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        var key = KeyFor(sender: false);
        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        ComputeNonce(nonce);
        if (SequenceNumber == ulong.MaxValue || !key.TryOpen(nonce, ciphertext, associatedData, plaintext))
        {
            return false;
        }

        SequenceNumber++;
        return true;
    }

    /// <summary>Fills <paramref name="exported"/> with a secret that both sides derive from <paramref name="exporterContext"/> (RFC 9180 §5.3).</summary>
    /// <exception cref="ArgumentException">More than 255 times the KDF's output length is asked for.</exception>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> exported)
    {
        if (exported.Length > 255 * _kdf.Size)
        {
            throw new ArgumentException("More than 255 blocks were asked for (RFC 9180 §5.3).", nameof(exported));
        }

        _kdf.Expand(_exporterSecret.Span, "sec"u8, exporterContext, exported);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key?.Dispose();
        _baseNonce.Dispose();
        _exporterSecret.Dispose();
    }

    private AeadKey KeyFor(bool sender)
    {
        if (sender != _isSender)
        {
            throw new InvalidOperationException("The sender's context seals, the receiver's opens.");
        }

        return _key ?? throw new InvalidOperationException("The suite is export-only (RFC 9180 §5.3).");
    }

    // ComputeNonce (RFC 9180 §5.2).
    private void ComputeNonce(Span<byte> nonce)
    {
        _baseNonce.Span.CopyTo(nonce);
        var counter = nonce[^sizeof(ulong)..];
        BinaryPrimitives.WriteUInt64BigEndian(counter, BinaryPrimitives.ReadUInt64BigEndian(counter) ^ SequenceNumber);
    }
}
