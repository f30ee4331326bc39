using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic;

/// <summary>
/// The 1-RTT keys and their phases (RFC 9001 §6). The receive keys of the next phase are always at hand, so that a packet with a flipped
/// key phase bit takes no longer than another (RFC 9001 §9.5).
/// </summary>
internal sealed class ApplicationKeys : IDisposable
{
    private readonly CryptoProvider _provider;
    private readonly TlsCipherSuite _suite;
    private readonly HeaderProtectionKey _sendHeader;
    private readonly HeaderProtectionKey _receiveHeader;
    private readonly byte[] _sendSecret;
    private readonly byte[] _receiveSecret;
    private PacketKeys _send;
    private PacketKeys _receive;
    private PacketKeys _next;
    private PacketKeys? _previous;
    private long _failedOpens;
    private long _firstOfPhase = long.MaxValue;
    private bool _isAcknowledged;
    private bool _peerIsAcknowledged = true;

    public ApplicationKeys(CryptoProvider provider, TlsCipherSuite suite, ReadOnlySpan<byte> send, ReadOnlySpan<byte> receive)
    {
        _provider = provider;
        _suite = suite;
        _sendSecret = GC.AllocateArray<byte>(send.Length, pinned: true);
        _receiveSecret = GC.AllocateArray<byte>(receive.Length, pinned: true);
        send.CopyTo(_sendSecret);
        receive.CopyTo(_receiveSecret);
        _sendHeader = KeySchedule.DeriveHeaderKey(provider, suite, send);
        _receiveHeader = KeySchedule.DeriveHeaderKey(provider, suite, receive);
        _send = KeySchedule.DerivePacketKeys(provider, suite, send);
        _receive = KeySchedule.DerivePacketKeys(provider, suite, receive);
        _next = DeriveNextReceive();
    }

    /// <summary>The key phase bit of packets sent.</summary>
    public bool Phase { get; private set; }

    /// <summary>Updates so far.</summary>
    public int Updates { get; private set; }

    /// <summary>Keys for sealing.</summary>
    public PacketKeys Send => _send;

    /// <summary>Header protection for sending; it stays the same over all phases.</summary>
    public HeaderProtectionKey SendHeader => _sendHeader;

    /// <summary>Header protection for receiving.</summary>
    public HeaderProtectionKey ReceiveHeader => _receiveHeader;

    /// <summary>When the keys of the phase before are thrown away, in microseconds.</summary>
    public long PreviousDeadline { get; private set; } = long.MaxValue;

    /// <summary>The first packet number sent in this phase; set by the sender after an update.</summary>
    public long FirstSentOfPhase { get; set; }

    /// <summary>True when the send key should be replaced before its limit is reached (RFC 9001 §6.6).</summary>
    public bool IsWorn => _send.SealedPackets >= AeadLimits.Confidentiality(_send.Algorithm) / 2;

    /// <summary>True when the send key may seal nothing more.</summary>
    public bool IsExhausted => _send.SealedPackets >= AeadLimits.Confidentiality(_send.Algorithm);

    /// <summary>True when too many packets failed to open over the connection's life.</summary>
    public bool IntegrityLimitReached => _failedOpens >= AeadLimits.Integrity(_send.Algorithm);

    /// <summary>True when the peer updated again before this end had acknowledged its last update: KEY_UPDATE_ERROR (RFC 9001 §6.2).</summary>
    public bool UpdatedTooSoon { get; private set; }

    /// <summary>Opens a packet under the phase its bit and number say.</summary>
    /// <param name="packet">The packet, its header unmasked; decrypted in place.</param>
    /// <param name="header">Its header.</param>
    /// <param name="number">Its number.</param>
    /// <param name="previousUntil">Until when the keys of a phase that ends now are kept.</param>
    /// <param name="payload">The frames.</param>
    public bool TryOpen(Span<byte> packet, in UnmaskedHeader header, long number, long previousUntil, out Span<byte> payload)
    {
        bool isCurrent = header.KeyPhase == Phase;
        bool isPrevious = !isCurrent && number < _firstOfPhase && _previous is not null;
        PacketKeys keys = isCurrent ? _receive : isPrevious ? _previous! : _next;
        if (!PacketProtection.TryOpenPayload(packet, header, number, keys, out payload))
        {
            _failedOpens++;
            return false;
        }
        if (isCurrent)
        {
            if (_firstOfPhase == long.MaxValue && _previous is not null)
            {
                PreviousDeadline = previousUntil; // The peer has followed our update.
            }
            _firstOfPhase = Math.Min(_firstOfPhase, number);
        }
        else if (!isPrevious)
        {
            UpdatedTooSoon |= !_peerIsAcknowledged;
            Rotate();
            _peerIsAcknowledged = false;
            _firstOfPhase = number;
            PreviousDeadline = previousUntil;
        }
        return true;
    }

    /// <summary>Starts an update (RFC 9001 §6.1); false while the last one is not acknowledged or old keys are still kept.</summary>
    public bool TryUpdate()
    {
        if (!_isAcknowledged || _previous is not null)
        {
            return false;
        }
        Rotate();
        _firstOfPhase = long.MaxValue;
        return true;
    }

    /// <summary>The peer acknowledged a 1-RTT packet.</summary>
    public void OnAcked(long number) => _isAcknowledged |= number >= FirstSentOfPhase;

    /// <summary>This end sent an acknowledgement of numbers up to <paramref name="largest"/>.</summary>
    public void OnAckSent(long largest) => _peerIsAcknowledged |= largest >= _firstOfPhase;

    /// <summary>The old keys have been kept long enough for what was reordered (RFC 9001 §6.5).</summary>
    public void DiscardPrevious()
    {
        _previous?.Dispose();
        _previous = null;
        PreviousDeadline = long.MaxValue;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_sendSecret);
        CryptographicOperations.ZeroMemory(_receiveSecret);
        _send.Dispose();
        _receive.Dispose();
        _next.Dispose();
        _previous?.Dispose();
        _sendHeader.Dispose();
        _receiveHeader.Dispose();
    }

    private void Rotate()
    {
        _previous?.Dispose();
        _previous = _receive;
        _receive = _next;
        _next = DeriveNextReceive();
        KeySchedule.DeriveNextSecret(_provider, _suite, _sendSecret, _sendSecret);
        _send.Dispose();
        _send = KeySchedule.DerivePacketKeys(_provider, _suite, _sendSecret);
        Phase = !Phase;
        Updates++;
        _isAcknowledged = false;
        FirstSentOfPhase = long.MaxValue;
    }

    // The receive secret always stands one phase ahead, at the keys that were derived last.
    private PacketKeys DeriveNextReceive()
    {
        KeySchedule.DeriveNextSecret(_provider, _suite, _receiveSecret, _receiveSecret);
        return KeySchedule.DerivePacketKeys(_provider, _suite, _receiveSecret);
    }
}
