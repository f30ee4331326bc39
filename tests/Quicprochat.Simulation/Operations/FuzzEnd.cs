using Quicprochat.Quic;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Operations;

/// <summary>
/// One end's application: does what the fuzzer tells it, and checks everything its connection says against the <see cref="ConnectionModel"/>.
/// </summary>
internal sealed class FuzzEnd(OperationFuzzer fuzzer) : ISimApplication
{
    private const int ChunkSize = 20_000;

    private readonly byte[] _buffer = new byte[ChunkSize];
    private readonly HashSet<StreamId> _released = [];
    private readonly HashSet<StreamId> _blockedWriters = [];
    private readonly long[] _opened = [0, 0];
    private ConnectionModel? _model;

    /// <summary>Streams this end may use: its own, and those of the peer that were announced.</summary>
    public List<StreamId> Streams { get; } = [];

    public Connection? Connection { get; private set; }

    public bool IsConnected => _model is not null;

    public bool IsClosed { get; private set; }

    /// <summary>Streams opened by either end.</summary>
    public long OpenedByPeer => _opened[0] + _opened[1];

    private Side Side => Connection!.Side;

    private Side Peer => Side == Side.Client ? Side.Server : Side.Client;

    private ConnectionModel Model => _model ?? throw new InvalidOperationException("Not connected.");

    public void Handle(SimHost host, Connection connection, in ConnectionEvent connectionEvent)
    {
        Connection = connection;
        StreamId stream = connectionEvent.Stream;
        Assert.False(IsClosed && connectionEvent.Kind != ConnectionEventKind.Drained, $"{connectionEvent.Kind} after Closed.");
        switch (connectionEvent.Kind)
        {
            case ConnectionEventKind.Connected:
                _model = fuzzer.Pair(this);
                break;
            case ConnectionEventKind.StreamOpened:
                OnOpened(stream);
                break;
            case ConnectionEventKind.StreamReadable:
                Assert.True(CanRead(stream), $"Stream {stream} cannot be readable here.");
                break;
            case ConnectionEventKind.StreamWritable:
                Assert.True(_blockedWriters.Remove(stream), $"Stream {stream} is writable though no write was cut short.");
                break;
            case ConnectionEventKind.StreamStopped:
                OnStopped(stream, connectionEvent.Code);
                break;
            case ConnectionEventKind.StreamSendFinished:
                StreamHalf half = Model.Half(stream, Side);
                Assert.True(half.IsWritten, $"Stream {stream} is finished though nobody finished it.");
                Assert.False(half.Acknowledged, $"Stream {stream} is finished twice.");
                half.Acknowledged = true;
                break;
            case ConnectionEventKind.Closed:
                IsClosed = true;
                fuzzer.OnClosed(this);
                break;
        }
    }

    public StreamId? Open(StreamType type)
    {
        if (!Connection!.TryOpenStream(type, out StreamId stream))
        {
            return null;
        }
        Assert.Equal(Side, stream.Initiator);
        Assert.Equal(type, stream.Type);
        Assert.DoesNotContain(stream, Streams);
        Streams.Add(stream);
        return stream;
    }

    public void Write(StreamId stream, int count, bool finish)
    {
        if (!CanWrite(stream))
        {
            return;
        }
        StreamHalf half = Model.Half(stream, Side);
        count = Math.Min(count, _buffer.Length);
        Pattern.Fill(_buffer.AsSpan(0, count), ConnectionModel.Text(stream, Side), half.Written);
        StreamWriteStatus status = Connection!.Write(stream, _buffer.AsSpan(0, count), finish, out int taken);
        half.Written += taken;
        switch (status)
        {
            case StreamWriteStatus.Complete:
                Assert.Equal(count, taken);
                Assert.False(half.IsWritten, $"Stream {stream} took bytes behind its end.");
                half.Finished = finish;
                _blockedWriters.Remove(stream);
                break;
            case StreamWriteStatus.Partial:
                Assert.True(taken < count);
                Assert.False(half.IsWritten, $"Stream {stream} took bytes behind its end.");
                _blockedWriters.Add(stream);
                break;
            case StreamWriteStatus.Stopped:
                Assert.True(half.ResetCode is not null || half.StopCode is not null, $"Stream {stream} was stopped by nobody.");
                Assert.Equal(0, taken);
                break;
            default:
                Assert.True(half.IsWritten || half.Acknowledged || IsClosed || Connection.CloseReason is not null, $"Stream {stream} is closed: {half}.");
                Assert.Equal(0, taken);
                break;
        }
    }

    /// <summary>Reads up to <paramref name="count"/> bytes. True when it gave some.</summary>
    public bool Read(StreamId stream, int count)
    {
        if (!CanRead(stream))
        {
            return false;
        }
        StreamHalf half = Model.Half(stream, Peer);
        bool sayFinished = Connection!.IsReadFinished(stream);
        StreamReadStatus status = Connection.Read(fuzzer.World.Now, stream, _buffer.AsSpan(0, Math.Min(count, _buffer.Length)), out int read, out long code);
        switch (status)
        {
            case StreamReadStatus.Data:
                Assert.InRange(read, 1, count);
                Assert.False(half.IsRead, $"Stream {stream} has bytes behind its end.");
                Assert.True(Pattern.Matches(_buffer.AsSpan(0, read), ConnectionModel.Text(stream, Peer), half.Read), $"Stream {stream} differs near {half.Read}.");
                half.Read += read;
                Assert.True(half.Read <= half.Written, $"Stream {stream} gave more than was written: {half}.");
                return true;
            case StreamReadStatus.Finished:
                Assert.True(half.Finished && half.Read == half.Written, $"Stream {stream} ended early: {half}.");
                half.Ended = true;
                return false;
            case StreamReadStatus.Reset:
                Assert.True(half.ResetCode == code, $"Stream {stream} was reset with {code}: {half}.");
                half.Ended = true;
                return false;
            case StreamReadStatus.Blocked:
                Assert.False(sayFinished, $"Stream {stream} says all has arrived and gives nothing: {half}.");
                return false;
            default:
                Assert.True(half.IsRead || Connection.CloseReason is not null, $"Stream {stream} is closed for reading: {half}.");
                return false;
        }
    }

    public void Reset(StreamId stream, long code)
    {
        if (CanWrite(stream))
        {
            StreamHalf half = Model.Half(stream, Side);
            Connection!.ResetStream(stream, code);
            if (!half.Acknowledged)
            {
                half.ResetCode ??= code;
            }
        }
    }

    public void Stop(StreamId stream, long code)
    {
        if (CanRead(stream))
        {
            Connection!.StopSending(stream, code);
            Model.Half(stream, Peer).StopCode ??= code;
        }
    }

    /// <summary>Done with the stream: what is open of it is reset and stopped with code 0.</summary>
    public void Release(StreamId stream)
    {
        if (!_released.Add(stream))
        {
            return;
        }
        Connection!.ReleaseStream(stream);
        if (Sends(stream) && Model.Half(stream, Side) is { IsWritten: false } sending)
        {
            sending.ResetCode = 0;
        }
        if (Receives(stream) && Model.Half(stream, Peer) is { IsRead: false } receiving)
        {
            receiving.StopCode = 0;
        }
        Streams.Remove(stream);
    }

    public void SendDatagram(int size, SeededRandom random)
    {
        byte[] datagram = new byte[size];
        random.Fill(datagram);
        if (Connection!.TrySendDatagram(datagram))
        {
            Model.Datagrams(Side).Enqueue(datagram);
        }
    }

    /// <summary>Takes datagrams: each was sent, in this direction. They may be lost and come out of order, but not twice.</summary>
    public void TakeDatagrams()
    {
        while (Connection!.TryTakeDatagram(_buffer, out int count))
        {
            byte[] datagram = _buffer[..count];
            Queue<byte[]> sent = Model.Datagrams(Peer);
            byte[]? match = sent.FirstOrDefault(d => d.AsSpan().SequenceEqual(datagram));
            Assert.True(match is not null, $"A datagram of {count} bytes was never sent, or came twice.");
            byte[][] rest = [.. sent.Where(d => d != match)];
            sent.Clear();
            foreach (byte[] other in rest)
            {
                sent.Enqueue(other);
            }
        }
    }

    public void Close(long code, string reason) => Connection!.Close(fuzzer.World.Now, code, reason);

    /// <summary>Ends what is open in its own sending directions and reads what there is, as often as it takes. True when nothing is left.</summary>
    public bool Settle()
    {
        TakeDatagrams();
        foreach (StreamId stream in Streams.ToArray())
        {
            if (Sends(stream) && !Model.Half(stream, Side).IsWritten && !_blockedWriters.Contains(stream))
            {
                Write(stream, 100, finish: true);
            }
            while (Read(stream, ChunkSize))
            {
            }
            bool sent = !Sends(stream) || Model.Half(stream, Side).IsWritten;
            bool received = !Receives(stream) || Model.Half(stream, Peer).IsRead;
            if (sent && received)
            {
                Release(stream);
            }
        }
        return Streams.Count == 0;
    }

    private bool Sends(StreamId stream) => stream.Type == StreamType.Bidirectional || stream.Initiator == Side;

    private bool Receives(StreamId stream) => stream.Type == StreamType.Bidirectional || stream.Initiator == Peer;

    private bool CanWrite(StreamId stream) => Sends(stream) && !_released.Contains(stream);

    private bool CanRead(StreamId stream) => Receives(stream) && !_released.Contains(stream);

    /// <summary>One event for each stream, in order.</summary>
    private void OnOpened(StreamId stream)
    {
        Assert.Equal(Peer, stream.Initiator);
        Assert.Equal(_opened[(int)stream.Type]++, stream.Index);
        Streams.Add(stream);
    }

    private void OnStopped(StreamId stream, long code)
    {
        StreamHalf half = Model.Half(stream, Side);
        Assert.True(half.StopCode == code, $"Stream {stream} was stopped with {code}: {half}.");
        half.ResetCode ??= code;
        _blockedWriters.Remove(stream);
    }
}
