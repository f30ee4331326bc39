using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Paths;

/// <summary>The connection ids the peer has issued and this end may send to, and those it has yet to retire (RFC 9000 §5.1.2).</summary>
internal sealed class PeerConnectionIds
{
    /// <summary>The active_connection_id_limit this end announces.</summary>
    public const int ActiveLimit = 4;

    /// <summary>Retirements not yet acknowledged; more is an attack on memory.</summary>
    private const int RetirementsMax = 4 * ActiveLimit;

    private readonly List<Known> _known = new(ActiveLimit + 1);
    private readonly Queue<long> _toRetire = new();
    private readonly HashSet<long> _inFlight = [];
    private readonly SortedSet<long> _retired = [];
    private long _retiredBelow;
    private long _retirePriorTo;

    private sealed record Known(long Sequence, ConnectionId Id, StatelessResetToken? Token, bool Used);

    /// <summary>Starts with the id of the handshake, sequence number 0.</summary>
    public PeerConnectionIds(in ConnectionId initial) => _known.Add(new Known(0, initial, null, Used: true));

    /// <summary>The id to send to on the current path.</summary>
    public ConnectionId Current => _known[0].Id;

    /// <summary>The token that a stateless reset for the current id would carry.</summary>
    public StatelessResetToken? CurrentToken => _known[0].Token;

    /// <summary>True when there is an id that no path has used.</summary>
    public bool HasSpare => _known.Exists(static known => !known.Used);

    /// <summary>True when RETIRE_CONNECTION_ID frames wait.</summary>
    public bool HasRetirements => _toRetire.Count > 0;

    /// <summary>The handshake's id changes: with a Retry, and with the server's first Initial.</summary>
    public void ReplaceInitial(in ConnectionId id) => _known[0] = _known[0] with { Id = id };

    /// <summary>The token of the handshake's id, from the server's transport parameters.</summary>
    public void SetInitialToken(in StatelessResetToken token) => _known[0] = _known[0] with { Token = token };

    /// <summary>Adds the preferred address's id, whose sequence number is 1 (RFC 9000 §5.1.1).</summary>
    public void AddPreferred(in ConnectionId id, in StatelessResetToken token) => _known.Add(new Known(1, id, token, Used: false));

    /// <summary>Tokens of the ids that have been sent to, and only of those (RFC 9000 §10.3.1): what a stateless reset can end with.</summary>
    public IEnumerable<StatelessResetToken> Tokens()
    {
        foreach (Known known in _known)
        {
            if (known is { Used: true, Token: { } token })
            {
                yield return token;
            }
        }
    }

    /// <summary>Handles NEW_CONNECTION_ID.</summary>
    public TransportError? Add(in NewConnectionIdFrame frame)
    {
        foreach (Known known in _known)
        {
            bool sameSequence = known.Sequence == frame.SequenceNumber;
            bool sameId = known.Id.Equals(frame.ConnectionId);
            if (sameSequence && sameId)
            {
                return null;
            }
            if (sameSequence || sameId)
            {
                return Offence(TransportErrorCode.ProtocolViolation, "A connection id and its sequence number do not belong together."); // RFC 9000 §19.15
            }
        }
        if (!LeavesAny(frame))
        {
            return Offence(TransportErrorCode.ProtocolViolation, "Every connection id was retired and none is left to send to.");
        }
        RetirePriorTo(frame.RetirePriorTo);
        if (frame.SequenceNumber < _retirePriorTo)
        {
            Retire(frame.SequenceNumber); // It came late: retired as soon as seen (RFC 9000 §19.15).
        }
        else if (!WasRetired(frame.SequenceNumber))
        {
            _known.Add(new Known(frame.SequenceNumber, frame.ConnectionId, frame.ResetToken, Used: false));
        }
        if (_known.Count > ActiveLimit)
        {
            return Offence(TransportErrorCode.ConnectionIdLimitError, "More connection ids were issued than this end allows."); // RFC 9000 §5.1.1
        }
        if (_toRetire.Count + _inFlight.Count > RetirementsMax)
        {
            return Offence(TransportErrorCode.ConnectionIdLimitError, "Connection ids are issued faster than their retirement is acknowledged."); // RFC 9000 §5.1.2
        }
        _known[0] = _known[0] with { Used = true };
        return null;
    }

    /// <summary>Moves to an id no path has used and retires the current one (RFC 9000 §9.5); false when there is no other.</summary>
    public bool TryRotate()
    {
        int spare = _known.FindIndex(static known => !known.Used);
        if (spare < 0)
        {
            return false;
        }
        Known next = _known[spare] with { Used = true };
        _known.RemoveAt(spare);
        Retire(_known[0].Sequence);
        _known[0] = next;
        return true;
    }

    /// <summary>The next sequence number to retire; it counts as in flight until it is acknowledged or lost.</summary>
    public bool TryTakeRetirement(out long sequence)
    {
        if (!_toRetire.TryDequeue(out sequence))
        {
            return false;
        }
        _inFlight.Add(sequence);
        return true;
    }

    /// <summary>A RETIRE_CONNECTION_ID frame was acknowledged.</summary>
    public void OnRetirementAcked(long sequence) => _inFlight.Remove(sequence);

    /// <summary>A RETIRE_CONNECTION_ID frame was lost.</summary>
    public void OnRetirementLost(long sequence)
    {
        if (_inFlight.Remove(sequence))
        {
            _toRetire.Enqueue(sequence);
        }
    }

    private bool LeavesAny(in NewConnectionIdFrame frame)
    {
        long floor = Math.Max(_retirePriorTo, frame.RetirePriorTo);
        return (frame.SequenceNumber >= floor && !WasRetired(frame.SequenceNumber)) || _known.Exists(known => known.Sequence >= floor);
    }

    private void RetirePriorTo(long sequence)
    {
        if (sequence <= _retirePriorTo)
        {
            return;
        }
        _retirePriorTo = sequence;
        for (int i = _known.Count - 1; i >= 0; i--)
        {
            if (_known[i].Sequence < sequence)
            {
                Retire(_known[i].Sequence);
                _known.RemoveAt(i);
            }
        }
    }

    private bool WasRetired(long sequence) => sequence < _retiredBelow || _retired.Contains(sequence);

    // Each sequence number is retired once: a retransmitted NEW_CONNECTION_ID must not queue it again.
    private void Retire(long sequence)
    {
        if (WasRetired(sequence))
        {
            return;
        }
        _toRetire.Enqueue(sequence);
        _retired.Add(sequence);
        if (_retired.Count > 64)
        {
            _retiredBelow = Math.Max(_retiredBelow, _retired.Min);
        }
        while (_retired.Remove(_retiredBelow))
        {
            _retiredBelow++;
        }
    }

    private static TransportError Offence(TransportErrorCode code, string reason) => new(code, FrameType.NewConnectionId, reason);
}
