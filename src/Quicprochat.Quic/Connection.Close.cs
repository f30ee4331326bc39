using System.Text;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic;

/// <content>The end of a connection (RFC 9000 §10).</content>
public sealed partial class Connection
{
    private const int ReasonBytesMax = 1024;

    private long _closingDeadline = long.MaxValue;
    private bool _closeIsDue;
    private int _packetsSinceClose;
    private int _packetsUntilNextClose = 1;

    /// <summary>What this end's own bug threw, when one ended the connection; for the host's log.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The host found a fault, its own or the peer's: CONNECTION_CLOSE with a transport code. Does nothing once closed.</summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="code">As INTERNAL_ERROR.</param>
    /// <param name="reason">Words for the peer.</param>
    public void Abort(long now, TransportErrorCode code, string reason)
    {
        if (IsOpen)
        {
            CloseWith(now, new TransportError(code, 0, reason));
            Touch();
        }
    }

    /// <summary>Keeps what must never happen from costing more than this connection. Always true, so that it can stand in a filter.</summary>
    internal bool TryFault(long now, Exception exception)
    {
        bool first = Fault is null;
        Fault ??= exception;
        if (first && IsOpen)
        {
            CloseWith(now, new TransportError(TransportErrorCode.InternalError, 0, "An internal error ended this connection."));
        }
        else
        {
            EnterDrained(); // Even closing failed.
        }
        return true;
    }

    /// <summary>A datagram that ends with this connection's stateless reset token arrived (RFC 9000 §10.3.1).</summary>
    internal void HandleStatelessReset(long now)
    {
        if (IsOpen || _state == ConnectionState.Closing)
        {
            EnterDraining(now, new ConnectionClose(CloseKind.StatelessReset, 0, 0, "The peer has lost the connection's state."));
        }
    }

    private void CloseWith(long now, in TransportError error)
    {
        if (IsOpen)
        {
            EnterClosing(now, new ConnectionClose(CloseKind.LocalTransport, (long)error.Code, error.FrameType, error.Reason));
        }
    }

    // RFC 9000 §10.2.1: until three probe timeouts have passed, what comes is answered with CONNECTION_CLOSE, less and less often.
    private void EnterClosing(long now, ConnectionClose reason)
    {
        End(reason);
        _state = ConnectionState.Closing;
        _closeIsDue = CanSendClose();
        _closingDeadline = now + (3 * ProbeTimeout());
        if (!_closeIsDue)
        {
            EnterDrained();
        }
    }

    // RFC 9000 §10.2.2: nothing is sent any more.
    private void EnterDraining(long now, ConnectionClose reason)
    {
        if (IsOpen)
        {
            End(reason);
        }
        _state = ConnectionState.Draining;
        _closeIsDue = false;
        _closingDeadline = now + (3 * ProbeTimeout());
    }

    // Idle and handshake timeouts end silently (RFC 9000 §10.1).
    private void EnterDrained(ConnectionClose? reason = null)
    {
        if (IsOpen && reason is not null)
        {
            End(reason);
        }
        if (_state != ConnectionState.Drained)
        {
            _state = ConnectionState.Drained;
            _closeIsDue = false;
            _closingDeadline = long.MaxValue;
            Raise(ConnectionEventKind.Drained);
            Touch();
        }
    }

    private void End(ConnectionClose reason)
    {
        CloseReason = reason;
        _deferred.Clear();
        if (reason.Kind is CloseKind.LocalApplication or CloseKind.LocalTransport)
        {
            _streams?.Abort();
            _datagrams?.Abort();
            _events.Clear();
        }
        // Otherwise what was received and acknowledged before the end can still be read, until the endpoint forgets the connection.
        Raise(ConnectionEventKind.Closed, reason.Code);
    }

    private void OnPacketWhileClosing()
    {
        if (++_packetsSinceClose >= _packetsUntilNextClose)
        {
            _packetsSinceClose = 0;
            _packetsUntilNextClose = Math.Min(_packetsUntilNextClose * 2, 1 << 16);
            _closeIsDue = true;
        }
    }

    private bool CanSendClose()
    {
        foreach (PacketSpace space in _spaces)
        {
            if (space.HasKeys)
            {
                return true;
            }
        }
        return false;
    }

    // Before the handshake is confirmed the peer may lack the newest keys: the close goes out under all there are (RFC 9000 §10.2.3).
    private int WriteClose(long now, Span<byte> buffer)
    {
        _closeIsDue = false;
        int size = (int)Math.Min(Math.Min(_path.Mtu.Current, buffer.Length), _path.Budget);
        int written = 0;
        bool hasInitial = Initial.HasKeys;
        if (hasInitial && size < MinInitialDatagram && Side == Side.Client)
        {
            return 0;
        }
        EncryptionLevel last = LastLevelWithKeys();
        foreach (PacketSpace space in _spaces)
        {
            if (!space.HasKeys || (space.Level == EncryptionLevel.Application && !IsHandshakeComplete))
            {
                continue;
            }
            int padTo = hasInitial && space.Level == last && size >= MinInitialDatagram ? MinInitialDatagram - written : 0;
            written += WriteClosePacket(now, space, buffer[written..size], padTo);
        }
        return written;
    }

    private int WriteClosePacket(long now, PacketSpace space, Span<byte> buffer, int padTo)
    {
        ConnectionClose reason = CloseReason!;
        bool application = reason.Kind == CloseKind.LocalApplication;
        Span<byte> text = stackalloc byte[ReasonBytesMax];
        int length = CutToUtf8(reason.Reason, text);
        // An application's code and words must not travel under keys that anyone can derive (RFC 9000 §10.2.3).
        ConnectionCloseFrame frame = application && space.Level != EncryptionLevel.Application
            ? ConnectionCloseFrame.Transport(TransportErrorCode.ApplicationError, 0, default)
            : application
                ? ConnectionCloseFrame.Application(reason.Code, text[..length])
                : ConnectionCloseFrame.Transport((TransportErrorCode)reason.Code, reason.FrameType, text[..length]);
        if (buffer.Length < MinPacket)
        {
            return 0;
        }
        scoped var writer = new Writer(buffer[..^PacketProtection.TagSize]);
        PacketLayout layout = BeginPacket(space, ref writer);
        frame.CutTo(writer.Free).Write(ref writer);
        return FinishPacket(now, space, buffer, ref writer, layout, padTo, SentPacketFlags.None);
    }

    private EncryptionLevel LastLevelWithKeys()
    {
        EncryptionLevel last = EncryptionLevel.Initial;
        foreach (PacketSpace space in _spaces)
        {
            if (space.HasKeys && (space.Level != EncryptionLevel.Application || IsHandshakeComplete))
            {
                last = space.Level;
            }
        }
        return last;
    }

    // The encoder stops in front of the character that no longer fits.
    private static int CutToUtf8(string text, Span<byte> destination)
    {
        Encoding.UTF8.GetEncoder().Convert(text, destination, flush: true, out _, out int written, out _);
        return written;
    }
}
