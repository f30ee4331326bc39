using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>The parts of a packet: protection, and the copy of its bytes.</summary>
internal sealed class PacketParts : IDisposable
{
    private const int PacketSize = 1452;

    private readonly AeadKey _aes = CryptoProvider.Default.CreateAeadKey(AeadAlgorithm.Aes128Gcm, new byte[16]);
    private readonly AeadKey _chaCha = CryptoProvider.Default.CreateAeadKey(AeadAlgorithm.ChaCha20Poly1305, new byte[32]);
    private readonly HeaderProtectionKey _header = CryptoProvider.Default.CreateHeaderProtectionKey(AeadAlgorithm.Aes128Gcm, new byte[16]);
    private readonly byte[] _nonce = new byte[AeadKey.NonceSize];
    private readonly byte[] _associated = new byte[13];
    private readonly byte[] _plain = new byte[PacketSize - 13 - AeadKey.TagSize];
    private readonly byte[] _sealed = new byte[PacketSize - 13];
    private readonly byte[] _mask = new byte[HeaderProtectionKey.MaskSize];
    private readonly byte[] _buffer = new byte[PacketSize];
    private readonly PacketKeys _keys = new(AeadAlgorithm.Aes128Gcm, CryptoProvider.Default.CreateAeadKey(AeadAlgorithm.Aes128Gcm, new byte[16]), new byte[12]);
    private readonly ConnectionId _destination = ConnectionId.Draw(SystemRandomSource.Instance, 8);
    private long _number;

    public IEnumerable<Part> All()
    {
        yield return new Part("packet: AES-128-GCM seal of a full packet", () => _aes.Seal(_nonce, _plain, _associated, _sealed));
        yield return new Part("packet: AES-128-GCM open of a full packet", () => Require(_aes.TryOpen(_nonce, _sealed, _associated, _plain)));
        yield return new Part("packet: AES-128-GCM seal of 40 bytes", () => _aes.Seal(_nonce, _plain.AsSpan(0, 40), _associated, _sealed.AsSpan(0, 56)));
        yield return new Part("packet: ChaCha20-Poly1305 seal of a full packet", () => _chaCha.Seal(_nonce, _plain, _associated, _sealed));
        yield return new Part("packet: header mask, AES", () => _header.Mask(_sealed.AsSpan(0, HeaderProtectionKey.SampleSize), _mask));
        yield return new Part("packet: header written, packet protected", Protect);
        yield return new Part("packet: copy of its bytes", () => _plain.AsSpan().CopyTo(_buffer));
    }

    public void Dispose()
    {
        _aes.Dispose();
        _chaCha.Dispose();
        _header.Dispose();
        _keys.Dispose();
    }

    private void Protect()
    {
        var writer = new Writer(_buffer);
        PacketLayout layout = new ShortHeader { Destination = _destination }.Write(ref writer, _number++, 2);
        PacketProtection.Seal(_buffer, layout, PacketSize - PacketProtection.TagSize, _keys, _header);
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The packet did not open.");
        }
    }
}
