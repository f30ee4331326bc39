using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Streams;

internal sealed partial class StreamTable
{
    // Rather than cut a crumb off a long stream, the rest of a packet this small is left to padding or other frames.
    private const int MinCut = 16;

    /// <summary>True when <see cref="WriteFrames"/> has something to write, given room.</summary>
    public bool HasPending => !_isAborted
        && (_isLimitPending || _isBlockedPending || !_control.IsEmpty || !_repair.IsEmpty || (!_fresh.IsEmpty && _dataSent < _maxData)
            || _remote[0].IsLimitPending || _remote[1].IsLimitPending || _local[0].IsBlockedPending || _local[1].IsBlockedPending);

    private bool IsBlocked => !_fresh.IsEmpty && _dataSent >= _maxData;

    /// <summary>
    /// Fills the packet with what is pending: limits and signals, then lost data, then new data, streams taking turns by the packet.
    /// The last frame may be a STREAM frame without a length that takes all the rest, so this is called last, and padding never follows a full packet.
    /// In very little room nothing may be written although something is pending.
    /// </summary>
    public void WriteFrames(ref Writer writer, SentPacketLog log)
    {
        if (_isAborted || !TryWriteLimits(ref writer, log) || !TryWriteBlocked(ref writer, log))
        {
            return;
        }

        while (_control.First is { } entry)
        {
            if (!TryWriteControl(entry, ref writer, log))
            {
                return;
            }

            _control.Set(entry, entry.HasControl);
        }

        WriteData(_repair, ref writer, log);
        WriteData(_fresh, ref writer, log);
    }

    /// <summary>
    /// Says again what flow control holds back; false when nothing is. For a connection with nothing in flight that would otherwise idle out while its
    /// application has bytes to send (RFC 9000 §4.1). Looks at every stream: a matter of seconds, not of packets.
    /// </summary>
    public bool RepeatBlocked()
    {
        bool isAny = IsBlocked && !_isAborted;
        _isBlockedPending |= isAny;
        foreach (StreamEntry entry in _streams.Values)
        {
            if (entry.Send is { } send && send.RepeatBlocked())
            {
                isAny = true;
                Requeue(entry);
            }
        }

        return isAny;
    }

    private void WriteData(StreamQueue queue, ref Writer writer, SentPacketLog log)
    {
        while (queue.First is { } entry)
        {
            if (!TryWriteStream(entry, ref writer, log))
            {
                break;
            }
        }
    }

    // One STREAM frame. False when the packet is full, or no credit is left: the stream's turn is over then.
    private bool TryWriteStream(StreamEntry entry, ref Writer writer, SentPacketLog log)
    {
        SendStream send = entry.Send!;
        if (!send.TryPeek(writer.Free, _maxData - _dataSent, out SendChunk chunk))
        {
            return false;
        }

        int toEnd = StreamFrameHeader.DataCapacityToEnd(entry.Id, chunk.Offset, writer.Free);
        int withLength = StreamFrameHeader.DataCapacity(entry.Id, chunk.Offset, writer.Free);
        bool takesRest = chunk.Length > withLength && chunk.Length >= toEnd;
        int length = Math.Min(chunk.Length, takesRest ? toEnd : withLength);
        if (length < Math.Min(chunk.Length, MinCut) || withLength < 0 || (length == 0 && chunk.Length > 0))
        {
            return false;
        }

        chunk = chunk with { Length = length, Fin = chunk.Fin && length == chunk.Length };
        new StreamFrameHeader(entry.Id, chunk.Offset, length, chunk.Fin, HasLength: !takesRest).Write(ref writer);
        send.Take(chunk, writer.Reserve(length));
        _dataSent += chunk.IsNew ? length : 0;
        log.Add(new SentFrame(SentFrameKind.Stream, entry.Id.Value, chunk.Offset, length, chunk.Fin));
        Requeue(entry);
        if (writer.Free == 0 || takesRest)
        {
            Yield(entry);
            return false;
        }

        return true;
    }

    // A stream that filled a packet waits until the others had their turn.
    private void Yield(StreamEntry entry)
    {
        if (_repair.First == entry)
        {
            _repair.Rotate();
        }

        if (_fresh.First == entry)
        {
            _fresh.Rotate();
        }
    }

    private bool TryWriteLimits(ref Writer writer, SentPacketLog log)
    {
        if (_isLimitPending)
        {
            var frame = new MaxDataFrame(_window.NextLimit);
            if (frame.Size > writer.Free)
            {
                return false;
            }

            _isLimitPending = false;
            _window.Announce();
            frame.Write(ref writer);
            log.Add(new SentFrame(SentFrameKind.MaxData, Offset: frame.MaximumData));
        }

        for (var type = StreamType.Bidirectional; type <= StreamType.Unidirectional; type++)
        {
            ref RemoteStreams remote = ref _remote[(int)type];
            if (!remote.IsLimitPending)
            {
                continue;
            }

            var frame = new MaxStreamsFrame(type, remote.NextLimit);
            if (frame.Size > writer.Free)
            {
                return false;
            }

            remote.AnnounceLimit();
            frame.Write(ref writer);
            log.Add(new SentFrame(type == StreamType.Bidirectional ? SentFrameKind.MaxStreamsBidi : SentFrameKind.MaxStreamsUni, Offset: frame.MaximumStreams));
        }

        return true;
    }

    private bool TryWriteBlocked(ref Writer writer, SentPacketLog log)
    {
        if (_isBlockedPending)
        {
            var frame = new DataBlockedFrame(_maxData);
            if (frame.Size > writer.Free)
            {
                return false;
            }

            _isBlockedPending = false;
            frame.Write(ref writer);
            log.Add(new SentFrame(SentFrameKind.DataBlocked, Offset: _maxData));
        }

        for (var type = StreamType.Bidirectional; type <= StreamType.Unidirectional; type++)
        {
            ref LocalStreams local = ref _local[(int)type];
            if (!local.IsBlockedPending)
            {
                continue;
            }

            var frame = new StreamsBlockedFrame(type, local.Limit);
            if (frame.Size > writer.Free)
            {
                return false;
            }

            local.OnBlockedSent();
            frame.Write(ref writer);
            log.Add(new SentFrame(type == StreamType.Bidirectional ? SentFrameKind.StreamsBlockedBidi : SentFrameKind.StreamsBlockedUni, Offset: local.Limit));
        }

        return true;
    }

    private static bool TryWriteControl(StreamEntry entry, ref Writer writer, SentPacketLog log)
    {
        return (entry.Send is not { } send || TryWriteControl(entry.Id, send, ref writer, log))
            && (entry.Receive is not { } receive || TryWriteControl(entry.Id, receive, ref writer, log));
    }

    private static bool TryWriteControl(StreamId id, SendStream send, ref Writer writer, SentPacketLog log)
    {
        if (send.IsResetPending)
        {
            var frame = new ResetStreamFrame(id, send.ResetCode, send.FinalSize);
            if (frame.Size > writer.Free)
            {
                return false;
            }

            send.OnResetSent();
            frame.Write(ref writer);
            log.Add(new SentFrame(SentFrameKind.ResetStream, id.Value));
        }

        if (send.IsBlockedPending)
        {
            var frame = new StreamDataBlockedFrame(id, send.MaxData);
            if (frame.Size > writer.Free)
            {
                return false;
            }

            send.OnBlockedSent();
            frame.Write(ref writer);
            log.Add(new SentFrame(SentFrameKind.StreamDataBlocked, id.Value, send.MaxData));
        }

        return true;
    }

    private static bool TryWriteControl(StreamId id, ReceiveStream receive, ref Writer writer, SentPacketLog log)
    {
        if (receive.IsStopPending)
        {
            var frame = new StopSendingFrame(id, receive.StopCode);
            if (frame.Size > writer.Free)
            {
                return false;
            }

            receive.OnStopSent();
            frame.Write(ref writer);
            log.Add(new SentFrame(SentFrameKind.StopSending, id.Value));
        }

        if (receive.IsLimitPending)
        {
            var frame = new MaxStreamDataFrame(id, receive.Window.NextLimit);
            if (frame.Size > writer.Free)
            {
                return false;
            }

            receive.AnnounceLimit();
            frame.Write(ref writer);
            log.Add(new SentFrame(SentFrameKind.MaxStreamData, id.Value, frame.MaximumStreamData));
        }

        return true;
    }

    // DATA_BLOCKED is said once for each limit (RFC 9000 §4.1).
    private void NoteBlocked()
    {
        if (IsBlocked && _blockedAt != _maxData)
        {
            _blockedAt = _maxData;
            _isBlockedPending = true;
        }
        else if (_isBlockedPending && !IsBlocked)
        {
            _isBlockedPending = false;
        }
    }
}
