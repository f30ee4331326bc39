using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Packets;

/// <summary>Reads transport parameters; everything wrong with them is TRANSPORT_PARAMETER_ERROR (RFC 9000 §7.4, §18).</summary>
internal static class TransportParametersReader
{
    private const long AckDelayExponentMax = 20;
    private const long MaxAckDelayMaxMs = (1 << 14) - 1;
    private const long MicrosecondsPerMillisecond = 1000;

    private const long ServerOnly = 1L << (int)TransportParameterId.OriginalDestinationConnectionId
        | 1L << (int)TransportParameterId.StatelessResetToken
        | 1L << (int)TransportParameterId.PreferredAddress
        | 1L << (int)TransportParameterId.RetrySourceConnectionId;

    private static TransportError WrongSize => Error("A transport parameter is of the wrong size.");

    public static TransportError? TryRead(ReadOnlySpan<byte> extension, Side sender, out TransportParameters? parameters)
    {
        parameters = null;
        var result = new TransportParameters();
        long seen = 0;
        var reader = new Reader(extension);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadVarInt(out long id) || !reader.TryReadVarIntBytes(out ReadOnlySpan<byte> value))
            {
                return Error("The transport parameters are cut off."); // RFC 9000 §18
            }
            if (!IsKnown(id))
            {
                continue; // RFC 9000 §7.4.2: unknown ones are ignored
            }
            long bit = 1L << (int)id;
            if ((seen & bit) != 0)
            {
                return Error("A transport parameter is there twice."); // RFC 9000 §7.4
            }
            seen |= bit;
            if (sender == Side.Client && (ServerOnly & bit) != 0)
            {
                return Error("A client sent a transport parameter that only a server may send."); // RFC 9000 §18.2
            }
            if (Read(id, value, result) is { } error)
            {
                return error;
            }
        }
        if (result.PreferredAddress is not null && result.InitialSourceConnectionId is { IsEmpty: true })
        {
            return Error("A server with an empty connection id gave a preferred address."); // RFC 9000 §18.2
        }
        parameters = result;
        return null;
    }

    private static TransportError Error(string reason) => new(TransportErrorCode.TransportParameterError, FrameType.Crypto, reason);

    private static bool IsKnown(long id) =>
        id is (>= TransportParameterId.OriginalDestinationConnectionId and <= TransportParameterId.RetrySourceConnectionId)
            or TransportParameterId.MaxDatagramFrameSize;

    private static TransportError? Read(long id, ReadOnlySpan<byte> value, TransportParameters result)
    {
        switch (id)
        {
            case TransportParameterId.OriginalDestinationConnectionId:
                result.OriginalDestinationConnectionId = ReadId(value);
                return result.OriginalDestinationConnectionId is null ? WrongSize : null;
            case TransportParameterId.InitialSourceConnectionId:
                result.InitialSourceConnectionId = ReadId(value);
                return result.InitialSourceConnectionId is null ? WrongSize : null;
            case TransportParameterId.RetrySourceConnectionId:
                result.RetrySourceConnectionId = ReadId(value);
                return result.RetrySourceConnectionId is null ? WrongSize : null;
            case TransportParameterId.StatelessResetToken:
                if (value.Length != StatelessResetToken.Size)
                {
                    return WrongSize; // RFC 9000 §18.2
                }
                result.StatelessResetToken = StatelessResetToken.From(value);
                return null;
            case TransportParameterId.DisableActiveMigration:
                result.DisableActiveMigration = true;
                return value.IsEmpty ? null : WrongSize; // RFC 9000 §18.2
            case TransportParameterId.PreferredAddress:
                return ReadPreferredAddress(value, result);
            default:
                return ReadInteger(id, value, result);
        }
    }

    private static TransportError? ReadInteger(long id, ReadOnlySpan<byte> bytes, TransportParameters result)
    {
        var reader = new Reader(bytes);
        if (!reader.TryReadVarInt(out long value) || !reader.IsAtEnd)
        {
            return WrongSize; // RFC 9000 §18.2
        }
        switch (id)
        {
            case TransportParameterId.MaxIdleTimeout:
                result.MaxIdleTimeout = Math.Min(value, VarInt.Max / MicrosecondsPerMillisecond) * MicrosecondsPerMillisecond;
                return null;
            case TransportParameterId.MaxUdpPayloadSize:
                result.MaxUdpPayloadSize = value;
                return value < TransportParameters.UdpPayloadSizeMin ? Error("max_udp_payload_size is below 1200.") : null; // RFC 9000 §18.2
            case TransportParameterId.AckDelayExponent:
                result.AckDelayExponent = (int)Math.Min(value, AckDelayExponentMax);
                return value > AckDelayExponentMax ? Error("ack_delay_exponent is above 20.") : null; // RFC 9000 §18.2
            case TransportParameterId.MaxAckDelay:
                result.MaxAckDelay = Math.Min(value, MaxAckDelayMaxMs) * MicrosecondsPerMillisecond;
                return value > MaxAckDelayMaxMs ? Error("max_ack_delay is 2^14 or more.") : null; // RFC 9000 §18.2
            case TransportParameterId.ActiveConnectionIdLimit:
                result.ActiveConnectionIdLimit = value;
                return value < TransportParameters.DefaultActiveConnectionIdLimit ? Error("active_connection_id_limit is below 2.") : null; // RFC 9000 §18.2
            case TransportParameterId.MaxDatagramFrameSize:
                result.MaxDatagramFrameSize = value;
                return null;
            default:
                return ReadLimit(id, value, result);
        }
    }

    private static TransportError? ReadLimit(long id, long value, TransportParameters result)
    {
        switch (id)
        {
            case TransportParameterId.InitialMaxData:
                result.InitialMaxData = value;
                return null;
            case TransportParameterId.InitialMaxStreamDataBidiLocal:
                result.InitialMaxStreamDataBidiLocal = value;
                return null;
            case TransportParameterId.InitialMaxStreamDataBidiRemote:
                result.InitialMaxStreamDataBidiRemote = value;
                return null;
            case TransportParameterId.InitialMaxStreamDataUni:
                result.InitialMaxStreamDataUni = value;
                return null;
            case TransportParameterId.InitialMaxStreamsBidi:
                result.InitialMaxStreamsBidi = value;
                break;
            default:
                result.InitialMaxStreamsUni = value;
                break;
        }
        return value > TransportParameters.MaxStreams ? Error("A stream limit is above 2^60.") : null; // RFC 9000 §4.6
    }

    private static TransportError? ReadPreferredAddress(ReadOnlySpan<byte> value, TransportParameters result)
    {
        var reader = new Reader(value);
        if (!PreferredAddress.TryRead(ref reader, out PreferredAddress? preferred) || !reader.IsAtEnd)
        {
            return Error("The preferred address is malformed or has no connection id."); // RFC 9000 §18.2
        }
        result.PreferredAddress = preferred;
        return null;
    }

    private static ConnectionId? ReadId(ReadOnlySpan<byte> value) =>
        value.Length <= ConnectionId.MaxLength ? ConnectionId.From(value) : null; // RFC 9000 §18.2
}
