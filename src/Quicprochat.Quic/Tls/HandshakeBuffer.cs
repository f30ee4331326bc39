using System.Buffers.Binary;
using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Tls;

/// <summary>
/// Cuts the bytes of CRYPTO frames into whole handshake messages. Holds at most one incomplete message and never more than
/// its peer really sent: an announced length reserves nothing.
/// </summary>
internal sealed class HandshakeBuffer
{
    /// <summary>Longest message body accepted, in bytes. A certificate chain is the only long message there is.</summary>
    public const int BodySizeMax = 65_536;

    private const int HeaderSize = 4;

    // BouncyCastle reads records, so each message gets a record header in front: room for it is kept here and saves a copy.
    private const int RecordHeaderSize = 5;
    private const int RecordBodySizeMax = 16_384;

    private byte[] _bytes = [];
    private int _count;

    /// <summary>True when a message has begun and not ended.</summary>
    public bool IsPartial => _count > 0;

    /// <summary>The type of the message held; there must be one.</summary>
    public HandshakeType Type => (HandshakeType)_bytes[RecordHeaderSize];

    /// <summary>The message held, header included.</summary>
    public ReadOnlySpan<byte> Message => _bytes.AsSpan(RecordHeaderSize, _count);

    /// <summary>The message held, without its header.</summary>
    public ReadOnlySpan<byte> Body => Message[HeaderSize..];

    /// <summary>Moves bytes from the front of <paramref name="input"/> up to the end of the current message. False while that end has not come.</summary>
    public bool Append(ref ReadOnlySpan<byte> input, out TransportError? error)
    {
        error = null;
        if (_count < HeaderSize)
        {
            Take(ref input, HeaderSize - _count);
            error = CheckHeader();
            if (error is not null || _count < HeaderSize)
            {
                return false;
            }
        }

        int missing = HeaderSize + BodySize() - _count;
        Take(ref input, missing);
        return _count == HeaderSize + BodySize();
    }

    /// <summary>Hands the message to <paramref name="consume"/> as TLS records (array, offset, length), in place: the message is gone afterwards.</summary>
    public void ConsumeRecords(byte contentType, Action<byte[], int, int> consume)
    {
        int end = RecordHeaderSize + _count;
        int position = RecordHeaderSize;
        while (position < end)
        {
            // The header of a later record overwrites bytes that have been consumed.
            int length = Math.Min(end - position, RecordBodySizeMax);
            int start = position - RecordHeaderSize;
            _bytes[start] = contentType;
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(start + 1), 0x0303);
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(start + 3), (ushort)length);
            consume(_bytes, start, RecordHeaderSize + length);
            position += length;
        }

        _count = 0;
    }

    /// <summary>Forgets the message held, and its memory.</summary>
    public void Clear()
    {
        _count = 0;
        _bytes = [];
    }

    private void Take(ref ReadOnlySpan<byte> input, int countMax)
    {
        int count = Math.Min(countMax, input.Length);
        int needed = RecordHeaderSize + _count + count;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, Math.Min(2 * _bytes.Length, RecordHeaderSize + HeaderSize + BodySizeMax)));
        }

        input[..count].CopyTo(_bytes.AsSpan(RecordHeaderSize + _count));
        input = input[count..];
        _count += count;
    }

    private TransportError? CheckHeader()
    {
        if (_count > 0 && Type is HandshakeType.KeyUpdate)
        {
            return TransportError.FromAlert(TlsAlert.UnexpectedMessage, "TLS KeyUpdate is not allowed in QUIC."); // RFC 9001 §6
        }

        if (_count > 0 && Type is HandshakeType.EndOfEarlyData)
        {
            return TransportError.FromAlert(TlsAlert.UnexpectedMessage, "TLS EndOfEarlyData is not allowed in QUIC."); // RFC 9001 §8.3
        }

        if (_count == HeaderSize && BodySize() > BodySizeMax)
        {
            return new TransportError(TransportErrorCode.CryptoBufferExceeded, FrameType.Crypto, "A TLS message is longer than 64 KiB."); // RFC 9000 §7.5
        }

        return null;
    }

    private int BodySize() => BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(RecordHeaderSize)) & 0xff_ffff;
}
