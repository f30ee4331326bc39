using System.Globalization;
using System.Text;
using Quicprochat.Quic;

namespace Quicprochat.Simulation.Hosts;

/// <summary>Asks a <see cref="FileServer"/> for files, each on a stream of its own and all at once as far as the server's limit allows, checks every byte, and closes with code 0.</summary>
internal sealed class FileClient(params IReadOnlyList<int> sizes) : ISimApplication
{
    private readonly Dictionary<StreamId, (long Received, int Size)> _downloads = [];
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _asked;

    /// <summary>Called after every chunk with the bytes received so far on all streams.</summary>
    public Action<Connection, long>? Progress { get; init; }

    /// <summary>Files that came whole.</summary>
    public int Finished { get; private set; }

    /// <summary>Bytes received on all streams.</summary>
    public long Received { get; private set; }

    public bool IsDone => Finished == sizes.Count;

    public void Handle(SimHost host, Connection connection, in ConnectionEvent connectionEvent)
    {
        switch (connectionEvent.Kind)
        {
            case ConnectionEventKind.Connected:
            case ConnectionEventKind.StreamsAvailable:
                Ask(connection);
                break;
            case ConnectionEventKind.StreamReadable:
                Read(host, connection, connectionEvent.Stream);
                break;
        }
    }

    private void Ask(Connection connection)
    {
        while (_asked < sizes.Count && connection.TryOpenStream(StreamType.Bidirectional, out StreamId stream))
        {
            int size = sizes[_asked++];
            _downloads.Add(stream, (0, size));
            byte[] request = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET {size}"));
            Assert.Equal(StreamWriteStatus.Complete, connection.Write(stream, request, finish: true, out _));
        }
    }

    private void Read(SimHost host, Connection connection, StreamId stream)
    {
        (long received, int size) = _downloads[stream];
        while (true)
        {
            StreamReadStatus status = connection.Read(host.Now, stream, _buffer, out int count, out _);
            if (status == StreamReadStatus.Data)
            {
                Assert.True(Pattern.Matches(_buffer.AsSpan(0, count), stream.Value, received), $"Stream {stream} differs near offset {received}.");
                received += count;
                Received += count;
                _downloads[stream] = (received, size);
                Progress?.Invoke(connection, Received);
                continue;
            }
            if (status == StreamReadStatus.Finished)
            {
                Assert.Equal(size, received);
                Finish(host, connection, stream);
                return;
            }
            Assert.Equal(StreamReadStatus.Blocked, status);
            return;
        }
    }

    private void Finish(SimHost host, Connection connection, StreamId stream)
    {
        _downloads.Remove(stream);
        connection.ReleaseStream(stream);
        Finished++;
        if (IsDone)
        {
            connection.Close(host.Now, 0, "");
        }
    }
}
