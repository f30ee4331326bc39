using Quicprochat.Crypto;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;

namespace Quicprochat.Quic;

/// <content>Datagrams in: to the connection they belong to, or to a stateless answer (RFC 9000 §5.2, §6, §8.1, §10.3).</content>
public sealed partial class Endpoint
{
    /// <summary>A client's first Destination Connection ID has at least so many bytes (RFC 9000 §7.2).</summary>
    private const int MinOriginalIdLength = 8;

    private readonly StatelessAnswers _statelessAnswers = new();
    private readonly UsedTokens _usedTokens = new();
    private readonly RateLimit _resetRate = new(perSecond: 100);

    /// <summary>Takes one UDP payload, which is decrypted in place. Never throws, whatever it holds.</summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="path">Where it came from, and to which local address where that is known.</param>
    /// <param name="ecn">Its ECN mark.</param>
    /// <param name="datagram">The UDP payload.</param>
    public void HandleDatagram(long now, in NetworkPath path, Ecn ecn, Span<byte> datagram)
    {
        if (DatagramRouting.TryReadDestination(datagram, LocalConnectionIds.Length, out ConnectionId destination)
            && _routes.TryGetValue(destination, out Connection? connection))
        {
            Deliver(now, connection, path, ecn, datagram);
            return;
        }
        if (datagram.IsEmpty)
        {
            return;
        }
        if (InvariantHeader.IsLong(datagram[0]))
        {
            HandleUnknownLong(now, path, ecn, datagram);
        }
        else
        {
            HandleUnknownShort(now, path, datagram);
        }
    }

    /// <summary>Writes a token for a later connection from <paramref name="address"/> (RFC 9000 §8.1.3).</summary>
    internal int WriteNewToken(long now, in Address address, Span<byte> destination) =>
        _tokenKey.Seal(new AddressToken(AddressTokenKind.NewToken, address, now), _random, destination);

    private void Deliver(long now, Connection connection, in NetworkPath path, Ecn ecn, Span<byte> datagram)
    {
        try
        {
            if (InvariantHeader.TryRead(datagram, out InvariantHeader header) && header.Version == QuicVersion.Negotiation)
            {
                if (VersionNegotiationPacket.TryRead(datagram, header, out VersionNegotiationPacket negotiation))
                {
                    connection.HandleVersionNegotiation(negotiation);
                }
            }
            else
            {
                connection.HandleDatagram(now, path, ecn, datagram);
            }
        }
        catch (Exception exception) when (connection.TryFault(now, exception))
        {
            // Our own bug costs this one connection.
        }
        Touch(connection);
    }

    private void HandleUnknownLong(long now, in NetworkPath path, Ecn ecn, Span<byte> datagram)
    {
        if (!AcceptsConnections || datagram.Length < MtuDiscovery.Base || !InvariantHeader.TryRead(datagram, out InvariantHeader invariant))
        {
            return;
        }
        if (invariant.Version == QuicVersion.Negotiation)
        {
            return; // Version Negotiation is never answered (RFC 9000 §6.1).
        }
        if (invariant.Version != QuicVersion.V1)
        {
            AnswerVersion(path, invariant);
            return;
        }
        if (LongHeader.TryRead(datagram, invariant, out LongHeader header) && header.Type == LongPacketType.Initial
            && header.Destination.Length >= MinOriginalIdLength)
        {
            HandleInitial(now, path, ecn, datagram, header);
        }
    }

    private void HandleInitial(long now, in NetworkPath path, Ecn ecn, Span<byte> datagram, in LongHeader header)
    {
        var initial = new IncomingInitial(header.Destination, header.Source, header.Destination, null, AddressIsValidated: false);
        if (!header.Token.IsEmpty && !CheckToken(now, path, header, ref initial))
        {
            AnswerRefusal(path, header, TransportErrorCode.InvalidToken, "The Retry token is not valid.");
            return;
        }
        if (!initial.AddressIsValidated && WantsRetry)
        {
            AnswerRetry(now, path, header);
            return;
        }
        if (_pendingHandshakes >= _options.MaxPendingHandshakes || _connections.Count >= _options.MaxConnections)
        {
            AnswerRefusal(path, header, TransportErrorCode.ConnectionRefused, "The server has no room for more connections.");
            return;
        }
        if (Create(now, path, ecn, datagram, initial) && initial.RetrySourceId is not null)
        {
            _usedTokens.TryUse(header.Token);
        }
    }

    // Anyone can send an Initial; only one that opens leaves a trace.
    private bool Create(long now, in NetworkPath path, Ecn ecn, Span<byte> datagram, in IncomingInitial initial)
    {
        var connection = new Connection(this, now, path, initial);
        _pendingHandshakes++;
        bool authentic;
        try
        {
            authentic = connection.HandleDatagram(now, path, ecn, datagram);
        }
        catch (Exception exception) when (connection.TryFault(now, exception))
        {
            authentic = false;
        }
        if (!authentic)
        {
            connection.Forget();
            return false;
        }
        _connections.Add(connection);
        _routes.TryAdd(initial.DestinationId, connection);
        Touch(connection);
        return true;
    }

    private bool WantsRetry => _options.Retry switch
    {
        RetryPolicy.Always => true,
        RetryPolicy.Never => false,
        _ => _pendingHandshakes >= _options.MaxPendingHandshakes / 2,
    };

    // False only for a Retry token that is ours and does not fit: anything else counts as no token at all (RFC 9000 §8.1.3).
    private bool CheckToken(long now, in NetworkPath path, in LongHeader header, ref IncomingInitial initial)
    {
        switch (_tokenKey.Open(header.Token, path.Remote, now, out AddressToken token))
        {
            case AddressTokenStatus.InvalidRetry:
                return false;
            case AddressTokenStatus.Ignored:
                return true;
        }
        if (token.Kind == AddressTokenKind.Retry)
        {
            initial = initial with { OriginalDestinationId = token.OriginalDestination, RetrySourceId = token.RetrySource, AddressIsValidated = true };
            return token.RetrySource.Equals(header.Destination) && !_usedTokens.Contains(header.Token);
        }
        if (_usedTokens.TryUse(header.Token))
        {
            initial = initial with { AddressIsValidated = true };
        }
        return true;
    }

    private void AnswerVersion(in NetworkPath path, in InvariantHeader trigger)
    {
        Span<byte> buffer = _statelessAnswers.Reserve();
        ReadOnlySpan<uint> versions = [QuicVersion.V1, QuicVersion.Reserved(trigger.Version ^ 0x1020_3040)];
        if (buffer.Length >= VersionNegotiationPacket.SizeOf(trigger, versions.Length))
        {
            scoped var writer = new Writer(buffer);
            VersionNegotiationPacket.Write(ref writer, trigger, versions, RandomByte());
            _statelessAnswers.Commit(path, writer.Position);
        }
    }

    private void AnswerRetry(long now, in NetworkPath path, in LongHeader header)
    {
        Span<byte> buffer = _statelessAnswers.Reserve();
        if (buffer.IsEmpty)
        {
            return;
        }
        ConnectionId source = ConnectionId.Draw(_random, LocalConnectionIds.Length);
        var says = new AddressToken(AddressTokenKind.Retry, path.Remote, now) { OriginalDestination = header.Destination, RetrySource = source };
        Span<byte> token = stackalloc byte[AddressTokenKey.TokenSizeMax];
        int length = _tokenKey.Seal(says, _random, token);
        scoped var writer = new Writer(buffer);
        var packet = new LongHeader { Type = LongPacketType.Retry, Destination = header.Source, Source = source, Token = token[..length] };
        RetryIntegrity.Write(CryptoProvider.Default, packet, header.Destination, RandomByte(), ref writer);
        _statelessAnswers.Commit(path, writer.Position);
    }

    // CONNECTION_CLOSE under the Initial keys that everybody can derive, without remembering anything.
    private void AnswerRefusal(in NetworkPath path, in LongHeader header, TransportErrorCode code, string reason)
    {
        Span<byte> buffer = _statelessAnswers.Reserve();
        if (buffer.IsEmpty)
        {
            return;
        }
        KeySchedule.DeriveInitial(CryptoProvider.Default, header.Destination, Side.Server, out ProtectionKeys send, out ProtectionKeys receive);
        using (send)
        using (receive)
        {
            var writer = new Writer(buffer[..^PacketProtection.TagSize]);
            var answer = new LongHeader
            {
                Type = LongPacketType.Initial,
                Destination = header.Source,
                Source = ConnectionId.Draw(_random, LocalConnectionIds.Length),
            };
            PacketLayout layout = answer.Write(ref writer, 0, 1);
            ConnectionCloseFrame.Transport(code, 0, System.Text.Encoding.UTF8.GetBytes(reason)).Write(ref writer);
            int size = PacketProtection.Seal(buffer, layout, writer.Position, send.Packet, send.Header);
            _statelessAnswers.Commit(path, size);
        }
    }

    private void HandleUnknownShort(long now, in NetworkPath path, Span<byte> datagram)
    {
        if (StatelessReset.TryReadToken(datagram, out StatelessResetToken token) && _resetTokens.TryGetValue(token, out Connection? connection))
        {
            connection.HandleStatelessReset(now);
            Touch(connection);
            return;
        }
        int size = StatelessReset.SizeFor(datagram.Length, RandomByte());
        Span<byte> buffer = _statelessAnswers.Reserve();
        if (size == 0 || buffer.IsEmpty || !_resetRate.TryTake(now)
            || !DatagramRouting.TryReadDestination(datagram, LocalConnectionIds.Length, out ConnectionId destination))
        {
            return;
        }
        StatelessReset.Write(buffer[..size], ResetTokenOf(destination), _random);
        _statelessAnswers.Commit(path, size);
    }

    private byte RandomByte()
    {
        byte value = 0;
        _random.Fill(new Span<byte>(ref value));
        return value;
    }
}
