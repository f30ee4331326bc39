using System.Globalization;
using System.Text;
using Quicprochat.Quic;

namespace Quicprochat.Simulation.Hosts;

/// <summary>Answers <c>GET 5000</c> and the stream's end with 5,000 bytes of the stream's <see cref="Pattern"/>, as the interop runner's servers answer with files.</summary>
internal sealed class FileServer : ISimApplication
{
    private const int MaxRequest = 4_096;

    private readonly Dictionary<StreamId, StringBuilder> _requests = [];
    private readonly Dictionary<StreamId, (long Offset, long Size)> _answers = [];
    private readonly byte[] _buffer = new byte[16 * 1024];

    public void Handle(SimHost host, Connection connection, in ConnectionEvent connectionEvent)
    {
        switch (connectionEvent.Kind)
        {
            case ConnectionEventKind.StreamOpened:
                _requests.Add(connectionEvent.Stream, new StringBuilder());
                Read(host, connection, connectionEvent.Stream);
                break;
            case ConnectionEventKind.StreamReadable:
                Read(host, connection, connectionEvent.Stream);
                break;
            case ConnectionEventKind.StreamWritable:
                Answer(connection, connectionEvent.Stream);
                break;
        }
    }

    private void Read(SimHost host, Connection connection, StreamId stream)
    {
        if (!_requests.TryGetValue(stream, out StringBuilder? request))
        {
            return;
        }
        while (true)
        {
            switch (connection.Read(host.Now, stream, _buffer, out int count, out _))
            {
                case StreamReadStatus.Data:
                    request.Append(Encoding.ASCII.GetString(_buffer, 0, count));
                    Assert.InRange(request.Length, 0, MaxRequest);
                    break;
                case StreamReadStatus.Finished:
                    _requests.Remove(stream);
                    _answers[stream] = (0, long.Parse(request.ToString().Split(' ')[1], CultureInfo.InvariantCulture));
                    Answer(connection, stream);
                    return;
                default:
                    return;
            }
        }
    }

    private void Answer(Connection connection, StreamId stream)
    {
        if (!_answers.TryGetValue(stream, out (long Offset, long Size) answer))
        {
            return;
        }
        StreamWriteStatus status;
        do
        {
            int count = (int)Math.Min(_buffer.Length, answer.Size - answer.Offset);
            Pattern.Fill(_buffer.AsSpan(0, count), stream.Value, answer.Offset);
            bool finish = answer.Offset + count == answer.Size;
            status = connection.Write(stream, _buffer.AsSpan(0, count), finish, out int taken);
            answer.Offset += taken;
        }
        while (status == StreamWriteStatus.Complete && answer.Offset < answer.Size);
        if (status == StreamWriteStatus.Partial)
        {
            _answers[stream] = answer;
            return;
        }
        _answers.Remove(stream);
        connection.ReleaseStream(stream);
    }
}
