namespace Quicprochat.Quic.Packets;

/// <summary>
/// What one end tells the other in the TLS extension quic_transport_parameters (RFC 9000 §18.2, RFC 9221 §3). Properties hold the
/// default where the parameter was absent. Whether the connection ids are there and right is for the connection to say (RFC 9000 §7.3).
/// </summary>
internal sealed record TransportParameters
{
    /// <summary>Bytes that <see cref="Write"/> takes at most.</summary>
    public const int SizeMax = 320;

    /// <summary>The most streams of a type there can be, 2^60 (RFC 9000 §4.6).</summary>
    public const long MaxStreams = 1L << 60;

    /// <summary>The least a peer must take in one datagram (RFC 9000 §14).</summary>
    public const long UdpPayloadSizeMin = 1200;

    /// <summary>max_udp_payload_size when absent (RFC 9000 §18.2).</summary>
    public const long DefaultMaxUdpPayloadSize = 65527;

    /// <summary>ack_delay_exponent when absent (RFC 9000 §18.2).</summary>
    public const int DefaultAckDelayExponent = 3;

    /// <summary>max_ack_delay when absent, in microseconds (RFC 9000 §18.2).</summary>
    public const long DefaultMaxAckDelay = 25_000;

    /// <summary>active_connection_id_limit when absent, and its least value (RFC 9000 §18.2).</summary>
    public const long DefaultActiveConnectionIdLimit = 2;

    private const long MicrosecondsPerMillisecond = 1000;

    /// <summary>Server only: the Destination Connection ID of the client's first Initial.</summary>
    public ConnectionId? OriginalDestinationConnectionId { get; set; }

    /// <summary>Idle timeout in microseconds, 0 for none. A value beyond what a <see cref="long"/> of microseconds holds is cut to <see cref="VarInt.Max"/>.</summary>
    public long MaxIdleTimeout { get; set; }

    /// <summary>Server only: the stateless reset token of the handshake's connection id.</summary>
    public StatelessResetToken? StatelessResetToken { get; set; }

    /// <summary>The largest UDP payload this end takes, in bytes.</summary>
    public long MaxUdpPayloadSize { get; set; } = DefaultMaxUdpPayloadSize;

    /// <summary>Bytes the other end may send on the connection at first.</summary>
    public long InitialMaxData { get; set; }

    /// <summary>Bytes on each bidirectional stream that the sender of this parameter opens.</summary>
    public long InitialMaxStreamDataBidiLocal { get; set; }

    /// <summary>Bytes on each bidirectional stream that the receiver of this parameter opens.</summary>
    public long InitialMaxStreamDataBidiRemote { get; set; }

    /// <summary>Bytes on each unidirectional stream that the receiver of this parameter opens.</summary>
    public long InitialMaxStreamDataUni { get; set; }

    /// <summary>Bidirectional streams the receiver of this parameter may open.</summary>
    public long InitialMaxStreamsBidi { get; set; }

    /// <summary>Unidirectional streams the receiver of this parameter may open.</summary>
    public long InitialMaxStreamsUni { get; set; }

    /// <summary>ACK Delay fields are in units of two to this power microseconds.</summary>
    public int AckDelayExponent { get; set; } = DefaultAckDelayExponent;

    /// <summary>The longest this end delays an acknowledgement, in microseconds; whole milliseconds on the wire, rounded up.</summary>
    public long MaxAckDelay { get; set; } = DefaultMaxAckDelay;

    /// <summary>True when the other end must not change its address on its own account.</summary>
    public bool DisableActiveMigration { get; set; }

    /// <summary>Server only: where it would rather be reached.</summary>
    public PreferredAddress? PreferredAddress { get; set; }

    /// <summary>Connection ids of the other end that this end keeps.</summary>
    public long ActiveConnectionIdLimit { get; set; } = DefaultActiveConnectionIdLimit;

    /// <summary>The Source Connection ID of this end's first Initial.</summary>
    public ConnectionId? InitialSourceConnectionId { get; set; }

    /// <summary>Server only: the Source Connection ID of its Retry.</summary>
    public ConnectionId? RetrySourceConnectionId { get; set; }

    /// <summary>The largest DATAGRAM frame this end takes, type and length included, in bytes; 0 for none (RFC 9221 §3).</summary>
    public long MaxDatagramFrameSize { get; set; }

    /// <summary>Reads the extension's content as <paramref name="sender"/> sent it. Null when all is well; then, and only then, <paramref name="parameters"/> is not null.</summary>
    public static TransportError? TryRead(ReadOnlySpan<byte> extension, Side sender, out TransportParameters? parameters) =>
        TransportParametersReader.TryRead(extension, sender, out parameters);

    /// <summary>Writes every parameter that differs from its default, and a reserved one drawn from <paramref name="random"/> (RFC 9000 §18.1).</summary>
    public void Write(ref Writer writer, ulong random)
    {
        WriteId(ref writer, TransportParameterId.OriginalDestinationConnectionId, OriginalDestinationConnectionId);
        WriteInteger(ref writer, TransportParameterId.MaxIdleTimeout, ToMilliseconds(MaxIdleTimeout), 0);
        if (StatelessResetToken is { } token)
        {
            writer.WriteVarInt(TransportParameterId.StatelessResetToken);
            writer.WriteVarInt(Packets.StatelessResetToken.Size);
            writer.WriteResetToken(token);
        }
        WriteInteger(ref writer, TransportParameterId.MaxUdpPayloadSize, MaxUdpPayloadSize, DefaultMaxUdpPayloadSize);
        WriteLimits(ref writer);
        WriteInteger(ref writer, TransportParameterId.AckDelayExponent, AckDelayExponent, DefaultAckDelayExponent);
        WriteInteger(ref writer, TransportParameterId.MaxAckDelay, ToMilliseconds(MaxAckDelay), ToMilliseconds(DefaultMaxAckDelay));
        WriteReserved(ref writer, random);
        if (DisableActiveMigration)
        {
            writer.WriteVarInt(TransportParameterId.DisableActiveMigration);
            writer.WriteVarInt(0);
        }
        if (PreferredAddress is { } preferred)
        {
            writer.WriteVarInt(TransportParameterId.PreferredAddress);
            writer.WriteVarInt(preferred.Size);
            preferred.Write(ref writer);
        }
        WriteInteger(ref writer, TransportParameterId.ActiveConnectionIdLimit, ActiveConnectionIdLimit, DefaultActiveConnectionIdLimit);
        WriteId(ref writer, TransportParameterId.InitialSourceConnectionId, InitialSourceConnectionId);
        WriteId(ref writer, TransportParameterId.RetrySourceConnectionId, RetrySourceConnectionId);
        WriteInteger(ref writer, TransportParameterId.MaxDatagramFrameSize, MaxDatagramFrameSize, 0);
    }

    private void WriteLimits(ref Writer writer)
    {
        WriteInteger(ref writer, TransportParameterId.InitialMaxData, InitialMaxData, 0);
        WriteInteger(ref writer, TransportParameterId.InitialMaxStreamDataBidiLocal, InitialMaxStreamDataBidiLocal, 0);
        WriteInteger(ref writer, TransportParameterId.InitialMaxStreamDataBidiRemote, InitialMaxStreamDataBidiRemote, 0);
        WriteInteger(ref writer, TransportParameterId.InitialMaxStreamDataUni, InitialMaxStreamDataUni, 0);
        WriteInteger(ref writer, TransportParameterId.InitialMaxStreamsBidi, InitialMaxStreamsBidi, 0);
        WriteInteger(ref writer, TransportParameterId.InitialMaxStreamsUni, InitialMaxStreamsUni, 0);
    }

    private static void WriteInteger(ref Writer writer, long id, long value, long defaultValue)
    {
        if (value != defaultValue)
        {
            writer.WriteVarInt(id);
            writer.WriteVarInt(VarInt.SizeOf(value));
            writer.WriteVarInt(value);
        }
    }

    private static void WriteId(ref Writer writer, long id, ConnectionId? value)
    {
        if (value is { } connectionId)
        {
            writer.WriteVarInt(id);
            writer.WriteVarInt(connectionId.Length);
            writer.WriteConnectionId(connectionId);
        }
    }

    private static void WriteReserved(ref Writer writer, ulong random)
    {
        int length = (int)(random >> 60);
        writer.WriteVarInt(TransportParameterId.Reserved(random));
        writer.WriteVarInt(length);
        writer.Reserve(length).Fill(unchecked((byte)random));
    }

    /// <summary>Rounded up: less than a millisecond must not become 0, which means another thing.</summary>
    private static long ToMilliseconds(long microseconds) =>
        (microseconds / MicrosecondsPerMillisecond) + (microseconds % MicrosecondsPerMillisecond == 0 ? 0 : 1);
}
