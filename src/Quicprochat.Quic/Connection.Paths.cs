using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic;

/// <content>Paths: validation, migration of either end, probes for larger datagrams (RFC 9000 §8.2, §9, §14.3).</content>
public sealed partial class Connection
{
    /// <summary>Changes of a peer's address followed within <see cref="MigrationWindow"/>; more look like an attack (RFC 9000 §21.10).</summary>
    private const int MigrationsMax = 16;

    private const long MigrationWindow = 10_000_000;

    private int _nextPathId = 1;
    private int _migrations;
    private long _migrationWindowStart;

    private PathState? PathOf(in SentPacket packet) =>
        packet.PathId == _path.Id ? _path : packet.PathId == _previousPath?.Id ? _previousPath : null;

    // RFC 9000 §9.3: the newest packet that is not a probe says where the peer is.
    private void FollowPeer(long now, in Arrival arrival)
    {
        if (Side == Side.Client || !IsConfirmed || arrival.Path.Remote == _path.Address.Remote)
        {
            return;
        }
        if (now - _migrationWindowStart > MigrationWindow)
        {
            _migrationWindowStart = now;
            _migrations = 0;
        }
        if (++_migrations > MigrationsMax)
        {
            return;
        }
        PathState old = _path;
        if (_previousPath is { } previous && previous.Address.Remote == arrival.Path.Remote)
        {
            _path = previous; // Back where it was: validated before, or still being validated.
            _path.BytesReceived += arrival.DatagramLength;
        }
        else
        {
            _path = NewPath(now, arrival.Path, old);
            _path.BytesReceived = arrival.DatagramLength;
        }
        // The packet may be an attacker's copy: the old path is asked too, and kept until the new one has answered (RFC 9000 §9.3.3).
        if (old.IsValidated)
        {
            _previousPath = old;
            old.StartValidation(now, ProbeTimeout());
        }
        else if (_previousPath == _path)
        {
            _previousPath = null;
        }
        if (!_path.IsValidated)
        {
            _path.StartValidation(now, ProbeTimeout());
        }
        RotatePeerId();
        Raise(ConnectionEventKind.PathChanged);
    }

    // A client moves on purpose: from a new local address, to the same server (RFC 9000 §9.2).
    private void MigrateLocally(long now, in Address local)
    {
        PathState old = _path;
        _path = NewPath(now, new NetworkPath(local, old.Address.Remote), old);
        _path.IsValidated = true; // Its amplification budget is the server's business: we chose the address.
        _path.StartValidation(now, ProbeTimeout());
        _previousPath = null;
        RotatePeerId();
        Raise(ConnectionEventKind.PathChanged);
    }

    // RFC 9000 §9.4: a new host means a new path; a new port is most likely a NAT that forgot, and the path the same.
    private PathState NewPath(long now, in NetworkPath address, PathState old)
    {
        if (address.Remote.SameHost(old.Address.Remote) && Side == Side.Server)
        {
            return new PathState(_nextPathId++, address, old);
        }
        var path = new PathState(_nextPathId++, address, _options);
        path.Mtu.LimitTo(_peerParameters?.MaxUdpPayloadSize ?? MtuDiscovery.Base);
        path.Mtu.Start(now);
        return path;
    }

    private TransportError? HandlePathResponse(long now, in PathResponseFrame frame)
    {
        if (_path.TryAnswer(frame.Data, out bool wasFullSize))
        {
            if (!wasFullSize)
            {
                _path.StartValidation(now, ProbeTimeout()); // The address is real; that it takes 1,200 bytes is not shown yet (RFC 9000 §8.2.3).
            }
            // The new path works: nothing needs the old one any more.
            _previousPath = null;
        }
        else
        {
            _previousPath?.TryAnswer(frame.Data, out _);
        }
        return null;
    }

    private void HandlePathTimeout(long now)
    {
        if (now >= _path.ValidationDeadline)
        {
            OnValidationFailed();
        }
        if (now >= _path.ChallengeAgainAt)
        {
            _path.RepeatChallenge();
        }
        if (_previousPath is { } previous)
        {
            if (now >= previous.ChallengeAgainAt)
            {
                previous.RepeatChallenge();
            }
            if (now >= previous.ValidationDeadline)
            {
                previous.EndValidation();
                _previousPath = _path.IsValidated ? null : previous; // Without another it is still the best there is.
            }
        }
    }

    // Without a path that works the connection waits: for the peer to be heard again, or for the idle timeout (RFC 9000 §8.2.4).
    private void OnValidationFailed()
    {
        _path.EndValidation();
        if (_previousPath is { } previous)
        {
            _path = previous; // RFC 9000 §9.3.2
            _previousPath = null;
            _path.EndValidation();
            Raise(ConnectionEventKind.PathChanged);
        }
    }

    // A new path has a connection id of its own, so that nobody outside can link the two (RFC 9000 §9.5).
    private void RotatePeerId()
    {
        RemoveResetTokens();
        _peerIds.TryRotate();
        AddResetTokens();
    }

    // Answers to challenges, and challenges on a path that is not the current one: a datagram of their own each.
    private bool TryTakePathDatagram(long now, Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        if (!Application.HasKeys || !IsHandshakeComplete)
        {
            return false;
        }
        if (_pathResponses.TryTake(out PathResponses.Owed owed))
        {
            int size = Math.Min(MinInitialDatagram, owed.Budget);
            if (owed.Path.Remote == _path.Address.Remote)
            {
                size = (int)Math.Min(size, _path.Budget);
            }
            return TrySendOnPath(now, owed.Path, buffer[..size], new PathFrame(FrameType.PathResponse, owed.Data), out transmit);
        }
        if (_previousPath is { ChallengeIsDue: true } previous)
        {
            int size = (int)Math.Min(MinInitialDatagram, previous.Budget);
            ulong data = previous.TakeChallenge(now, ProbeTimeout(), _random, size >= MinInitialDatagram);
            return TrySendOnPath(now, previous.Address, buffer[..size], new PathFrame(FrameType.PathChallenge, data), out transmit);
        }
        return false;
    }

    private readonly record struct PathFrame(long Type, ulong Data);

    private bool TrySendOnPath(long now, in NetworkPath path, Span<byte> buffer, PathFrame frame, out Transmit transmit)
    {
        transmit = default;
        if (buffer.Length < MinPacket)
        {
            return false;
        }
        var writer = new Writer(buffer[..^PacketProtection.TagSize]);
        PacketLayout layout = BeginPacket(Application, ref writer);
        writer.WriteVarInt(frame.Type);
        writer.WriteUInt64(frame.Data);
        Application.Sent.Add(new SentFrame(SentFrameKind.PathResponse));
        // Not counted as in flight: it says nothing of the current path's congestion, and is never sent again.
        _sending = default;
        int size = FinishPacket(now, Application, buffer, ref writer, layout, buffer.Length, SentPacketFlags.None);
        _bytesSent += size;
        if (_previousPath is { } previous && previous.Address.Remote == path.Remote)
        {
            previous.BytesSent += size;
        }
        else if (_path.Address.Remote == path.Remote)
        {
            _path.BytesSent += size;
        }
        transmit = new Transmit(path, size, size, Ecn.NotEct);
        return size > 0;
    }

    private bool TryBuildMtuProbe(long now, Span<byte> buffer, out int length)
    {
        length = 0;
        if (!IsConfirmed || !_path.IsValidated || !_path.Mtu.TryGetProbe(now, out int size) || size > buffer.Length
            || _path.Congestion.Window - _path.Congestion.BytesInFlight < size)
        {
            return false;
        }
        var writer = new Writer(buffer[..(size - PacketProtection.TagSize)]);
        PacketLayout layout = BeginPacket(Application, ref writer);
        writer.WriteByte((byte)FrameType.Ping);
        Application.Sent.Add(new SentFrame(SentFrameKind.Ping));
        const SentPacketFlags Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight | SentPacketFlags.MtuProbe;
        length = FinishPacket(now, Application, buffer, ref writer, layout, size, Flags);
        _path.Mtu.OnProbeSent();
        OnDatagramSent(_path, length);
        return true;
    }
}
