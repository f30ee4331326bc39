using Quicprochat.Quic;

namespace Quicprochat.Simulation.Hosts;

/// <summary>Sends texts to an <see cref="EchoServer"/> on streams of their own and checks that they come back.</summary>
internal sealed class EchoClient : ISimApplication
{
    private readonly Dictionary<StreamId, (long Sent, long Received, long Size)> _streams = [];
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>Texts that came back whole.</summary>
    public int Finished { get; private set; }

    public bool IsConnected { get; private set; }

    /// <summary>Sends a text of <paramref name="size"/> bytes.</summary>
    public void Send(Connection connection, long size)
    {
        Assert.True(connection.TryOpenStream(StreamType.Bidirectional, out StreamId stream), "No stream can be opened.");
        _streams.Add(stream, (0, 0, size));
        Write(connection, stream);
    }

    public void Handle(SimHost host, Connection connection, in ConnectionEvent connectionEvent)
    {
        switch (connectionEvent.Kind)
        {
            case ConnectionEventKind.Connected:
                IsConnected = true;
                break;
            case ConnectionEventKind.StreamWritable:
                Write(connection, connectionEvent.Stream);
                break;
            case ConnectionEventKind.StreamReadable:
                Read(host, connection, connectionEvent.Stream);
                break;
        }
    }

    private void Write(Connection connection, StreamId stream)
    {
        (long sent, long received, long size) = _streams[stream];
        StreamWriteStatus status;
        do
        {
            int count = (int)Math.Min(_buffer.Length, size - sent);
            Pattern.Fill(_buffer.AsSpan(0, count), stream.Value, sent);
            status = connection.Write(stream, _buffer.AsSpan(0, count), finish: sent + count == size, out int taken);
            sent += taken;
        }
        while (status == StreamWriteStatus.Complete && sent < size);
        _streams[stream] = (sent, received, size);
    }

    private void Read(SimHost host, Connection connection, StreamId stream)
    {
        (long sent, long received, long size) = _streams[stream];
        StreamReadStatus status;
        while ((status = connection.Read(host.Now, stream, _buffer, out int count, out _)) == StreamReadStatus.Data)
        {
            Assert.True(Pattern.Matches(_buffer.AsSpan(0, count), stream.Value, received), $"Stream {stream} differs near offset {received}.");
            received += count;
        }
        _streams[stream] = (sent, received, size);
        if (status == StreamReadStatus.Finished)
        {
            Assert.Equal(size, received);
            _streams.Remove(stream);
            connection.ReleaseStream(stream);
            Finished++;
        }
    }
}
