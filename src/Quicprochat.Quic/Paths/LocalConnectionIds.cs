using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Paths;

/// <summary>The connection ids this end has issued and the peer may send to (RFC 9000 §5.1.1).</summary>
internal sealed class LocalConnectionIds
{
    /// <summary>Length of every id this implementation issues, in bytes.</summary>
    public const int Length = 8;

    /// <summary>Ids kept alive at once, when the peer allows as many.</summary>
    private const int ActiveTarget = 4;

    private readonly List<Issued> _active = new(ActiveTarget);
    private long _nextSequence;
    private long _largestAnnounced;

    private readonly record struct Issued(long Sequence, ConnectionId Id);

    /// <summary>Ids that route to the connection now.</summary>
    public int Count => _active.Count;

    /// <summary>The id of the handshake, or the oldest that is still active.</summary>
    public ConnectionId First => _active[0].Id;

    /// <summary>How many more the peer should be given, when it keeps up to <paramref name="peerLimit"/>.</summary>
    public int Wanted(long peerLimit) => (int)Math.Max(0, Math.Min(peerLimit, ActiveTarget) - _active.Count);

    /// <summary>Adds a new id; returns its sequence number.</summary>
    public long Add(in ConnectionId id)
    {
        _active.Add(new Issued(_nextSequence, id));
        return _nextSequence++;
    }

    /// <summary>A NEW_CONNECTION_ID frame was written; the handshake's id, number 0, needs none.</summary>
    public void OnAnnounced(long sequence) => _largestAnnounced = Math.Max(_largestAnnounced, sequence);

    /// <summary>The id with a sequence number, unless it has been retired.</summary>
    public bool TryGet(long sequence, out ConnectionId id)
    {
        foreach (Issued issued in _active)
        {
            if (issued.Sequence == sequence)
            {
                id = issued.Id;
                return true;
            }
        }
        id = default;
        return false;
    }

    /// <summary>True for an active id.</summary>
    public bool Contains(in ConnectionId id)
    {
        foreach (Issued issued in _active)
        {
            if (issued.Id.Equals(id))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Handles RETIRE_CONNECTION_ID. <paramref name="retired"/> is set when an id went.</summary>
    public TransportError? Retire(long sequence, in ConnectionId receivedOn, out ConnectionId? retired)
    {
        retired = null;
        if (sequence > _largestAnnounced)
        {
            return new TransportError(TransportErrorCode.ProtocolViolation, FrameType.RetireConnectionId,
                "A connection id was retired that was never issued."); // RFC 9000 §19.16
        }
        for (int i = 0; i < _active.Count; i++)
        {
            if (_active[i].Sequence != sequence)
            {
                continue;
            }
            if (_active[i].Id.Equals(receivedOn))
            {
                return new TransportError(TransportErrorCode.ProtocolViolation, FrameType.RetireConnectionId,
                    "A connection id was retired in a packet sent to it."); // RFC 9000 §19.16
            }
            retired = _active[i].Id;
            _active.RemoveAt(i);
            break;
        }
        return null;
    }

    /// <summary>Every active id.</summary>
    public IEnumerable<ConnectionId> All()
    {
        foreach (Issued issued in _active)
        {
            yield return issued.Id;
        }
    }
}
