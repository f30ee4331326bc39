namespace Quicprochat.Quic.Tls;

/// <summary>The extensions this adapter reads or writes by itself (RFC 9846 §4.3).</summary>
internal static class TlsExtensionType
{
    public const ushort ServerName = 0;
    public const ushort SupportedGroups = 10;
    public const ushort SignatureAlgorithms = 13;
    public const ushort ApplicationLayerProtocolNegotiation = 16;
    public const ushort Padding = 21;
    public const ushort PreSharedKey = 41;
    public const ushort EarlyData = 42;
    public const ushort SupportedVersions = 43;
    public const ushort Cookie = 44;
    public const ushort KeyShare = 51;

    /// <summary>RFC 9001 §8.2.</summary>
    public const ushort QuicTransportParameters = 0x39;
}
