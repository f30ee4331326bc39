using System.Buffers.Binary;
using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Tls;

/// <summary>
/// The one message a server may send after the handshake (RFC 9846 §4.7.1). Resumption is not offered, so tickets are checked and dropped.
/// </summary>
internal static class NewSessionTicket
{
    // QUIC's stand-in for "0-RTT packets are welcome" (RFC 9001 §4.6.1).
    private const uint EarlyDataSentinel = 0xffff_ffff;

    /*
     * struct {
     *     uint32 ticket_lifetime;
     *     uint32 ticket_age_add;
     *     opaque ticket_nonce<0..255>;
     *     opaque ticket<1..2^16-1>;
     *     Extension extensions<0..2^16-1>;
     * } NewSessionTicket;
     */

    /// <summary>Null when <paramref name="body"/>, without the handshake header, is a ticket.</summary>
    public static TransportError? Check(ReadOnlySpan<byte> body)
    {
        var reader = new HandshakeReader(body);
        if (!reader.TryReadBytes(8, out _) || !reader.TryReadVector8(out _) || !reader.TryReadVector16(out ReadOnlySpan<byte> ticket)
            || !reader.TryReadVector16(out ReadOnlySpan<byte> extensions) || !reader.IsEmpty || ticket.IsEmpty)
        {
            return TlsAlert.ToError(TlsAlert.DecodeError); // RFC 9846 §4.7.1
        }

        var list = new HandshakeReader(extensions);
        while (!list.IsEmpty)
        {
            if (!list.TryReadExtension(out ushort type, out ReadOnlySpan<byte> data))
            {
                return TlsAlert.ToError(TlsAlert.DecodeError); // RFC 9846 §4.3
            }

            if (type == TlsExtensionType.EarlyData && (data.Length != 4 || BinaryPrimitives.ReadUInt32BigEndian(data) != EarlyDataSentinel))
            {
                return new TransportError(TransportErrorCode.ProtocolViolation, FrameType.Crypto, "A session ticket's max_early_data_size is not 0xffffffff."); // RFC 9001 §4.6.1
            }
        }

        return null;
    }
}
