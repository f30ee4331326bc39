using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Streams;

/// <summary>The handshake bytes of one encryption level, both ways (RFC 9000 §19.6): ordered, repaired, but outside flow control.</summary>
internal sealed class CryptoStream
{
    /// <summary>How far ahead of what TLS has taken a peer may send; RFC 9000 §7.5 asks for at least 4096 bytes.</summary>
    public const int MaxAhead = 64 << 10;

    private ReceiveBuffer _received;
    private SendBuffer _sent;
    private bool _isDiscarded;

    /// <summary>Takes its segments from <paramref name="memory"/>.</summary>
    public CryptoStream(StreamMemory memory)
    {
        _received = new ReceiveBuffer(memory);
        _sent = new SendBuffer(memory);
    }

    /// <summary>True when <see cref="WriteFrames"/> has something to write.</summary>
    public bool HasPending => _sent.HasLost || _sent.Unsent > 0;

    /// <summary>True when everything written was acknowledged.</summary>
    public bool IsAllAcked => _sent.IsAllAcked;

    /// <summary>Ordered bytes waiting for TLS.</summary>
    public long Readable => _received.Readable;

    /// <summary>True when bytes wait that cannot be ordered yet: with new keys at hand they are an error (RFC 9001 §4.1.3).</summary>
    public bool HasLeftover => _received.HighestEnd > _received.ReadOffset;

    /// <summary>CRYPTO (RFC 9000 §19.6).</summary>
    public TransportError? Handle(in CryptoFrame frame)
    {
        if (_isDiscarded)
        {
            return null;
        }

        if (frame.Data.Length > MaxAhead || frame.Offset > _received.ReadOffset + MaxAhead - frame.Data.Length)
        {
            return new TransportError(TransportErrorCode.CryptoBufferExceeded, FrameType.Crypto, "more handshake data than is kept out of order"); // RFC 9000 §7.5
        }

        _received.Insert(frame.Offset, frame.Data);
        return null;
    }

    /// <summary>The next ordered bytes as far as they lie in one piece; empty when there are none.</summary>
    public ReadOnlySpan<byte> Peek() => _received.Peek();

    /// <summary>Passes over bytes that were looked at.</summary>
    public void Advance(int count) => _received.Advance(count);

    /// <summary>Copies ordered bytes out; gives how many.</summary>
    public int Read(Span<byte> destination) => _received.Read(destination);

    /// <summary>Appends bytes of TLS to be sent.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        if (!_isDiscarded)
        {
            _sent.Write(data);
        }
    }

    /// <summary>Writes CRYPTO frames as they fit, lost bytes first.</summary>
    public void WriteFrames(ref Writer writer, SentPacketLog log)
    {
        while (HasPending)
        {
            bool isLost = _sent.TryPeekLost(writer.Free, out long offset, out int length);
            if (!isLost)
            {
                offset = _sent.SentEnd;
                length = (int)Math.Min(_sent.Unsent, writer.Free);
            }

            length = Math.Min(length, CryptoFrame.DataCapacity(offset, writer.Free));
            if (length <= 0)
            {
                return;
            }

            CryptoFrame.WriteHeader(ref writer, offset, length);
            _sent.CopyTo(offset, writer.Reserve(length));
            if (isLost)
            {
                _sent.TakeLost(offset, length);
            }
            else
            {
                _sent.TakeUnsent(length);
            }

            log.Add(new SentFrame(SentFrameKind.Crypto, Offset: offset, Length: length));
        }
    }

    /// <summary>A frame of this level was acknowledged.</summary>
    public void OnAcked(in SentFrame frame)
    {
        if (!_isDiscarded)
        {
            _sent.OnAcked(frame.Offset, frame.Length);
        }
    }

    /// <summary>A frame of this level was lost.</summary>
    public void OnLost(in SentFrame frame)
    {
        if (!_isDiscarded)
        {
            _sent.OnLost(frame.Offset, frame.Length);
        }
    }

    /// <summary>Sends everything unacknowledged once more: for a Retry (RFC 9002 §6.3), or a peer that seems to have missed it (RFC 9002 §6.2.3).</summary>
    public void Repeat()
    {
        if (!_isDiscarded)
        {
            _sent.OnLost(_sent.AckedEnd, (int)(_sent.SentEnd - _sent.AckedEnd));
        }
    }

    /// <summary>The keys of the level are gone: its data is too (RFC 9000 §13.3).</summary>
    public void Discard()
    {
        _isDiscarded = true;
        _received.Reset();
        _sent.Reset();
    }
}
