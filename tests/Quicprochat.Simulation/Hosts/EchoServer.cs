using Quicprochat.Quic;

namespace Quicprochat.Simulation.Hosts;

/// <summary>Sends back what comes: on the same bidirectional stream, at the pace at which it can be sent; datagrams as datagrams.</summary>
internal sealed class EchoServer : ISimApplication
{
    private readonly Dictionary<StreamId, ReadOnlyMemory<byte>> _unsent = [];
    private readonly byte[] _buffer = new byte[16 * 1024];

    public void Handle(SimHost host, Connection connection, in ConnectionEvent connectionEvent)
    {
        StreamId stream = connectionEvent.Stream;
        switch (connectionEvent.Kind)
        {
            case ConnectionEventKind.StreamOpened:
            case ConnectionEventKind.StreamReadable:
            case ConnectionEventKind.StreamWritable:
                Echo(host, connection, stream);
                break;
            case ConnectionEventKind.StreamStopped:
                connection.StopSending(stream, connectionEvent.Code);
                _unsent.Remove(stream);
                connection.ReleaseStream(stream);
                break;
            case ConnectionEventKind.DatagramReceived:
                while (connection.TryTakeDatagram(_buffer, out int count))
                {
                    connection.TrySendDatagram(_buffer.AsSpan(0, count));
                }
                break;
        }
    }

    private void Echo(SimHost host, Connection connection, StreamId stream)
    {
        bool sends = stream.Type == StreamType.Bidirectional;
        while (SendRest(connection, stream))
        {
            switch (connection.Read(host.Now, stream, _buffer, out int count, out long code))
            {
                case StreamReadStatus.Data when sends:
                    _unsent[stream] = _buffer.AsSpan(0, count).ToArray();
                    break;
                case StreamReadStatus.Data:
                    break;
                case StreamReadStatus.Finished:
                    if (sends)
                    {
                        connection.Write(stream, [], finish: true, out _);
                    }
                    connection.ReleaseStream(stream);
                    return;
                case StreamReadStatus.Reset:
                    if (sends)
                    {
                        connection.ResetStream(stream, code);
                    }
                    connection.ReleaseStream(stream);
                    return;
                default:
                    return;
            }
        }
    }

    /// <summary>False when some of it could not be taken.</summary>
    private bool SendRest(Connection connection, StreamId stream)
    {
        if (!_unsent.Remove(stream, out ReadOnlyMemory<byte> rest))
        {
            return true;
        }
        if (connection.Write(stream, rest.Span, finish: false, out int taken) == StreamWriteStatus.Partial)
        {
            _unsent[stream] = rest[taken..];
            return false;
        }
        return true;
    }
}
