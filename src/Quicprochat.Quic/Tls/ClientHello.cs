using System.Text;
using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Tls;

/// <summary>
/// What QUIC asks of a ClientHello beyond TLS, checked before any TLS engine or key exchange is paid for. Total: any bytes give an answer, none an exception.
/// </summary>
internal static class ClientHello
{
    private const ushort Tls12 = 0x0303;
    private const ushort Tls13 = 0x0304;
    private const byte HostName = 0;
    private const int RandomSize = 32;
    private const int HeaderSize = 4;

    /*
     * struct {
     *     ProtocolVersion legacy_version = 0x0303;
     *     Random random;
     *     opaque legacy_session_id<0..32>;
     *     CipherSuite cipher_suites<2..2^16-2>;
     *     opaque legacy_compression_methods<1..2^8-1>;
     *     Extension extensions<7..2^16-1>;
     * } ClientHello;
     */

    /// <summary>
    /// Reads the ClientHello at the front of a client's Initial CRYPTO bytes, as far as they have come. The result is an error, or
    /// nothing yet (<paramref name="complete"/> is false: give more bytes), or <paramref name="info"/>. Bytes behind the message are not looked at.
    /// </summary>
    public static TransportError? TryRead(ReadOnlySpan<byte> cryptoBytes, out bool complete, out ClientHelloInfo? info)
    {
        complete = false;
        info = null;
        if (cryptoBytes.IsEmpty)
        {
            return null;
        }

        if (cryptoBytes[0] != (byte)HandshakeType.ClientHello)
        {
            return TransportError.FromAlert(TlsAlert.UnexpectedMessage, "The client's first TLS message is not a ClientHello."); // RFC 9846 §4.2.2
        }

        var reader = new HandshakeReader(cryptoBytes[1..]);
        if (!reader.TryReadUInt24(out int length))
        {
            return null;
        }

        if (length > HandshakeBuffer.BodySizeMax)
        {
            return new TransportError(TransportErrorCode.CryptoBufferExceeded, FrameType.Crypto, "A TLS message is longer than 64 KiB."); // RFC 9000 §7.5
        }

        complete = reader.TryReadBytes(length, out ReadOnlySpan<byte> body);
        return complete ? ReadBody(body, out info) : null;
    }

    /// <summary>
    /// True when a second ClientHello differs from the first only where a HelloRetryRequest lets it (RFC 9846 §4.2.2).
    /// Both are whole messages that <see cref="TryRead"/> found good.
    /// </summary>
    public static bool IsRetryOf(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var firstReader = new HandshakeReader(first[HeaderSize..]);
        var secondReader = new HandshakeReader(second[HeaderSize..]);
        if (!TryReadFields(ref firstReader, out Fields a) || !TryReadFields(ref secondReader, out Fields b))
        {
            return false;
        }

        return a.Random.SequenceEqual(b.Random) && a.CipherSuites.SequenceEqual(b.CipherSuites)
            && SameExtensions(a.Extensions, b.Extensions);
    }

    private static TransportError? ReadBody(ReadOnlySpan<byte> body, out ClientHelloInfo? info)
    {
        info = null;
        var reader = new HandshakeReader(body);
        if (!TryReadFields(ref reader, out Fields fields))
        {
            return TlsAlert.ToError(TlsAlert.DecodeError); // RFC 9846 §4.2.2
        }

        if (fields.LegacyVersion != Tls12)
        {
            return TlsAlert.ToError(TlsAlert.ProtocolVersion); // RFC 9846 §4.2.2
        }

        if (fields.SessionId.Length > 0)
        {
            return new TransportError(TransportErrorCode.ProtocolViolation, FrameType.Crypto, "The ClientHello asks for TLS middlebox compatibility mode."); // RFC 9001 §8.4
        }

        if (fields.CompressionMethods is not [0])
        {
            return TlsAlert.ToError(TlsAlert.IllegalParameter); // RFC 9846 §4.2.2
        }

        return ReadExtensions(fields.Extensions, out info);
    }

    private static bool TryReadFields(ref HandshakeReader reader, out Fields fields)
    {
        fields = default;
        return reader.TryReadUInt16(out fields.LegacyVersion)
            && reader.TryReadBytes(RandomSize, out fields.Random)
            && reader.TryReadVector8(out fields.SessionId) && fields.SessionId.Length <= 32
            && reader.TryReadVector16(out fields.CipherSuites) && fields.CipherSuites.Length >= 2 && fields.CipherSuites.Length % 2 == 0
            && reader.TryReadVector8(out fields.CompressionMethods) && fields.CompressionMethods.Length >= 1
            && reader.TryReadVector16(out fields.Extensions)
            && reader.IsEmpty;
    }

    private static TransportError? ReadExtensions(ReadOnlySpan<byte> extensions, out ClientHelloInfo? info)
    {
        info = null;
        string? serverName = null;
        List<string>? protocols = null;
        bool tls13 = false;
        var seen = new HashSet<ushort>();
        var reader = new HandshakeReader(extensions);
        while (!reader.IsEmpty)
        {
            if (!reader.TryReadExtension(out ushort type, out ReadOnlySpan<byte> data))
            {
                return TlsAlert.ToError(TlsAlert.DecodeError); // RFC 9846 §4.3
            }

            if (!seen.Add(type) || (type == TlsExtensionType.PreSharedKey && !reader.IsEmpty))
            {
                return TlsAlert.ToError(TlsAlert.IllegalParameter); // RFC 9846 §4.3, §4.3.11
            }

            bool read = type switch
            {
                TlsExtensionType.SupportedVersions => TryReadVersions(data, out tls13),
                TlsExtensionType.ServerName => TryReadServerName(data, out serverName),
                TlsExtensionType.ApplicationLayerProtocolNegotiation => TryReadProtocols(data, out protocols),
                _ => true,
            };
            if (!read)
            {
                return TlsAlert.ToError(TlsAlert.DecodeError); // RFC 9846 §4.3.1, RFC 6066 §3, RFC 7301 §3.1
            }
        }

        if (!tls13)
        {
            return TlsAlert.ToError(TlsAlert.ProtocolVersion); // RFC 9001 §4.2
        }

        if (!seen.Contains(TlsExtensionType.QuicTransportParameters))
        {
            return TransportError.FromAlert(TlsAlert.MissingExtension, "The client sent no QUIC transport parameters."); // RFC 9001 §8.2
        }

        if (!seen.Contains(TlsExtensionType.SignatureAlgorithms) || !seen.Contains(TlsExtensionType.SupportedGroups) || !seen.Contains(TlsExtensionType.KeyShare))
        {
            return TlsAlert.ToError(TlsAlert.MissingExtension); // RFC 9846 §9.2
        }

        if (protocols is null)
        {
            return TransportError.FromAlert(TlsAlert.NoApplicationProtocol, "The client offered no application protocol."); // RFC 9001 §8.1
        }

        info = new ClientHelloInfo(serverName, protocols);
        return null;
    }

    /// <summary>ProtocolVersion versions&lt;2..254&gt; (RFC 9846 §4.3.1).</summary>
    private static bool TryReadVersions(ReadOnlySpan<byte> data, out bool tls13)
    {
        tls13 = false;
        var reader = new HandshakeReader(data);
        if (!reader.TryReadVector8(out ReadOnlySpan<byte> versions) || !reader.IsEmpty || versions.IsEmpty)
        {
            return false;
        }

        var list = new HandshakeReader(versions);
        while (!list.IsEmpty)
        {
            if (!list.TryReadUInt16(out ushort version))
            {
                return false;
            }

            tls13 |= version == Tls13;
        }

        return true;
    }

    /// <summary>ServerName server_name_list&lt;1..2^16-1&gt;, with one host name of ASCII at most (RFC 6066 §3).</summary>
    private static bool TryReadServerName(ReadOnlySpan<byte> data, out string? serverName)
    {
        serverName = null;
        var reader = new HandshakeReader(data);
        if (!reader.TryReadVector16(out ReadOnlySpan<byte> names) || !reader.IsEmpty || names.IsEmpty)
        {
            return false;
        }

        var list = new HandshakeReader(names);
        while (!list.IsEmpty)
        {
            if (!list.TryReadByte(out byte type) || !list.TryReadVector16(out ReadOnlySpan<byte> name))
            {
                return false;
            }

            if (type != HostName)
            {
                continue;
            }

            if (serverName is not null || name.IsEmpty || !Ascii.IsValid(name) || name.Contains((byte)0))
            {
                return false;
            }

            serverName = Encoding.ASCII.GetString(name);
        }

        return true;
    }

    /// <summary>ProtocolName protocol_name_list&lt;2..2^16-1&gt;, each of 1 to 255 bytes (RFC 7301 §3.1).</summary>
    private static bool TryReadProtocols(ReadOnlySpan<byte> data, out List<string>? protocols)
    {
        protocols = null;
        var reader = new HandshakeReader(data);
        if (!reader.TryReadVector16(out ReadOnlySpan<byte> names) || !reader.IsEmpty || names.IsEmpty)
        {
            return false;
        }

        var list = new HandshakeReader(names);
        var result = new List<string>();
        while (!list.IsEmpty)
        {
            if (!list.TryReadVector8(out ReadOnlySpan<byte> name) || name.IsEmpty)
            {
                return false;
            }

            // GREASE names are not UTF-8 (RFC 8701 §2); a replacement character matches no name anyone serves.
            result.Add(Encoding.UTF8.GetString(name));
        }

        protocols = result;
        return true;
    }

    private static bool SameExtensions(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var expected = new Dictionary<ushort, byte[]>();
        var reader = new HandshakeReader(first);
        while (reader.TryReadExtension(out ushort type, out ReadOnlySpan<byte> data))
        {
            if (!MayChangeInRetry(type))
            {
                expected[type] = data.ToArray();
            }
        }

        reader = new HandshakeReader(second);
        while (reader.TryReadExtension(out ushort type, out ReadOnlySpan<byte> data))
        {
            if (!MayChangeInRetry(type) && !(expected.Remove(type, out byte[]? before) && data.SequenceEqual(before)))
            {
                return false;
            }
        }

        return expected.Count == 0;
    }

    private static bool MayChangeInRetry(ushort type) => type is TlsExtensionType.KeyShare or TlsExtensionType.Cookie
        or TlsExtensionType.EarlyData or TlsExtensionType.PreSharedKey or TlsExtensionType.Padding;

    private ref struct Fields
    {
        public ushort LegacyVersion;
        public ReadOnlySpan<byte> Random;
        public ReadOnlySpan<byte> SessionId;
        public ReadOnlySpan<byte> CipherSuites;
        public ReadOnlySpan<byte> CompressionMethods;
        public ReadOnlySpan<byte> Extensions;
    }
}
