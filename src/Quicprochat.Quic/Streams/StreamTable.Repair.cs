using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Streams;

internal sealed partial class StreamTable
{
    /// <summary>A frame of this table's was acknowledged. Others are passed over.</summary>
    public void OnAcked(in SentFrame frame)
    {
        if (frame.Kind is not (SentFrameKind.Stream or SentFrameKind.ResetStream) || Find(new StreamId(frame.Id)) is not { Send: { } send } entry)
        {
            return;
        }

        bool wasFinal = send.IsFinal;
        if (frame.Kind == SentFrameKind.Stream)
        {
            send.OnAcked(frame.Offset, frame.Length, frame.Fin);
        }
        else
        {
            send.OnResetAcked();
        }

        if (send.TakeWritable())
        {
            Raise(entry, StreamEvents.Writable);
        }

        if (send.IsFinal && !wasFinal)
        {
            Raise(entry, StreamEvents.SendFinished);
        }

        Requeue(entry);
        ForgetIfDone(entry);
    }

    /// <summary>
    /// A frame of this table's was lost: what is still worth saying will be said again (RFC 9000 §13.3). Others are passed over.
    /// Also good for a probe: the frames of an outstanding packet are then sent once more, and a later acknowledgement of either copy counts.
    /// </summary>
    public void OnLost(in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case SentFrameKind.MaxData:
                _isLimitPending |= frame.Offset == _window.Limit;
                break;
            case SentFrameKind.DataBlocked:
                _isBlockedPending |= frame.Offset == _maxData && IsBlocked;
                break;
            case SentFrameKind.MaxStreamsBidi:
                _remote[(int)StreamType.Bidirectional].OnLimitLost(frame.Offset);
                break;
            case SentFrameKind.MaxStreamsUni:
                _remote[(int)StreamType.Unidirectional].OnLimitLost(frame.Offset);
                break;
            case SentFrameKind.StreamsBlockedBidi:
                _local[(int)StreamType.Bidirectional].OnBlockedLost(frame.Offset);
                break;
            case SentFrameKind.StreamsBlockedUni:
                _local[(int)StreamType.Unidirectional].OnBlockedLost(frame.Offset);
                break;
            case SentFrameKind.Stream or SentFrameKind.ResetStream or SentFrameKind.StopSending
                or SentFrameKind.MaxStreamData or SentFrameKind.StreamDataBlocked:
                OnStreamFrameLost(frame);
                break;
            default:
                break;
        }
    }

    private void OnStreamFrameLost(in SentFrame frame)
    {
        if (Find(new StreamId(frame.Id)) is not { } entry)
        {
            return;
        }

        switch (frame.Kind)
        {
            case SentFrameKind.Stream:
                entry.Send?.OnLost(frame.Offset, frame.Length, frame.Fin);
                break;
            case SentFrameKind.ResetStream:
                entry.Send?.OnResetLost();
                break;
            case SentFrameKind.StopSending:
                entry.Receive?.OnStopLost();
                break;
            case SentFrameKind.MaxStreamData:
                entry.Receive?.OnLimitLost(frame.Offset);
                break;
            default:
                entry.Send?.OnBlockedLost(frame.Offset);
                break;
        }

        Requeue(entry);
    }
}
