namespace Quicprochat.Quic.Packets;

/// <summary>Identifiers of transport parameters (RFC 9000 §18.2, RFC 9221 §3).</summary>
internal static class TransportParameterId
{
    public const long OriginalDestinationConnectionId = 0x00;
    public const long MaxIdleTimeout = 0x01;
    public const long StatelessResetToken = 0x02;
    public const long MaxUdpPayloadSize = 0x03;
    public const long InitialMaxData = 0x04;
    public const long InitialMaxStreamDataBidiLocal = 0x05;
    public const long InitialMaxStreamDataBidiRemote = 0x06;
    public const long InitialMaxStreamDataUni = 0x07;
    public const long InitialMaxStreamsBidi = 0x08;
    public const long InitialMaxStreamsUni = 0x09;
    public const long AckDelayExponent = 0x0a;
    public const long MaxAckDelay = 0x0b;
    public const long DisableActiveMigration = 0x0c;
    public const long PreferredAddress = 0x0d;
    public const long ActiveConnectionIdLimit = 0x0e;
    public const long InitialSourceConnectionId = 0x0f;
    public const long RetrySourceConnectionId = 0x10;
    public const long MaxDatagramFrameSize = 0x20;

    /// <summary>A reserved identifier, 31 * N + 27, that every peer must ignore (RFC 9000 §18.1).</summary>
    public static long Reserved(ulong random) => (long)(random % (ulong)((VarInt.Max - 27) / 31) * 31) + 27;
}
