using System.Buffers.Binary;
using Quicprochat.Crypto.Aead;

namespace Quicprochat.Quic.Packets;

/// <summary>The AEAD key and IV of one direction and key phase, and how much they have been used (RFC 9001 §5.3).</summary>
internal sealed class PacketKeys : IDisposable
{
    /// <summary>Length of the IV in bytes.</summary>
    public const int IvSize = AeadKey.NonceSize;

    private readonly AeadKey _key;
    private uint _ivHigh;
    private ulong _ivLow;

    /// <summary>Takes over <paramref name="key"/> and copies <paramref name="iv"/>.</summary>
    public PacketKeys(AeadAlgorithm algorithm, AeadKey key, ReadOnlySpan<byte> iv)
    {
        Algorithm = algorithm;
        _key = key;
        _ivHigh = BinaryPrimitives.ReadUInt32BigEndian(iv);
        _ivLow = BinaryPrimitives.ReadUInt64BigEndian(iv[sizeof(uint)..]);
    }

    /// <summary>The AEAD.</summary>
    public AeadAlgorithm Algorithm { get; }

    /// <summary>Packets sealed with this key; to be held below <see cref="AeadLimits.Confidentiality"/>.</summary>
    public long SealedPackets { get; private set; }

    /// <summary>Packets that this key did not open; all keys of a connection together stay below <see cref="AeadLimits.Integrity"/>.</summary>
    public long FailedOpens { get; private set; }

    /// <summary>Encrypts in place: <paramref name="payload"/> ends with 16 bytes of room for the tag.</summary>
    public void Seal(long packetNumber, ReadOnlySpan<byte> header, Span<byte> payload)
    {
        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        WriteNonce(packetNumber, nonce);
        _key.Seal(nonce, payload[..^AeadKey.TagSize], header, payload);
        SealedPackets++;
    }

    /// <summary>Decrypts in place all of <paramref name="payload"/> but the 16 bytes of the tag, which stay. After a failure the rest may be zeroed: there is no second try.</summary>
    public bool TryOpen(long packetNumber, ReadOnlySpan<byte> header, Span<byte> payload)
    {
        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        WriteNonce(packetNumber, nonce);
        if (payload.Length >= AeadKey.TagSize && _key.TryOpen(nonce, payload, header, payload[..^AeadKey.TagSize]))
        {
            return true;
        }
        FailedOpens++;
        return false;
    }

    public void Dispose()
    {
        _key.Dispose();
        _ivHigh = 0;
        _ivLow = 0;
    }

    /// <summary>The IV, its low bytes combined by exclusive or with the packet number (RFC 9001 §5.3).</summary>
    private void WriteNonce(long packetNumber, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, _ivHigh);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[sizeof(uint)..], _ivLow ^ unchecked((ulong)packetNumber));
    }
}
