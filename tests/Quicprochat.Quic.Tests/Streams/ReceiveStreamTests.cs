using System.Text;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class ReceiveStreamTests
{
    private static readonly (string Name, Func<Part, TransportError?> Do)[] _events =
    [
        ("bytes", part => part.Receive(0, 5, fin: false)),
        ("all bytes", part => part.Receive(0, 10, fin: false)),
        ("end", part => part.Receive(10, 0, fin: true)),
        ("all, end", part => part.Receive(0, 10, fin: true)),
        ("beyond", part => part.Receive(0, 11, fin: false)),
        ("end later", part => part.Receive(11, 0, fin: true)),
        ("end sooner", part => part.Receive(4, 0, fin: true)),
        ("reset", part => part.Reset(10)),
        ("reset +1", part => part.Reset(11)),
        ("reset 4", part => part.Reset(4)),
        ("read", part => part.ReadAll()),
        ("stop", part => part.Stop()),
    ];

    private static readonly (string Name, Func<Part> Make)[] _states =
    [
        ("Recv", () => Part.After(part => part.Receive(0, 5, fin: false))),
        ("SizeKnown", () => Part.After(part => part.Receive(10, 0, fin: true))),
        ("DataRecvd", () => Part.After(part => part.Receive(0, 10, fin: true))),
        ("ResetRecvd", () => Part.After(part => part.Reset(10))),
        ("DataRead", () => Part.After(part => part.Receive(0, 10, fin: true), part => part.ReadAll())),
        ("ResetRead", () => Part.After(part => part.Reset(10), part => part.ReadAll())),
    ];

    [Fact]
    public void The_states_follow_each_other_as_in_the_figure_of_the_rfc()
    {
        // RFC 9000 §3.2, Figure 3, and the final size of §4.5: 10 bytes, or as the event says. A dot: the state stays. FINAL: FINAL_SIZE_ERROR.
        const string Expected = """
            from       | bytes      | all bytes  | end        | all, end   | beyond     | end later  | end sooner | reset      | reset +1   | reset 4    | read       | stop
            Recv       | .          | .          | SizeKnown  | DataRecvd  | .          | SizeKnown  | FINAL      | ResetRecvd | ResetRecvd | FINAL      | .          | .
            SizeKnown  | .          | DataRecvd  | .          | DataRecvd  | FINAL      | FINAL      | FINAL      | ResetRecvd | FINAL      | FINAL      | .          | .
            DataRecvd  | .          | .          | .          | .          | FINAL      | FINAL      | FINAL      | .          | FINAL      | FINAL      | DataRead   | .
            ResetRecvd | .          | .          | .          | .          | FINAL      | FINAL      | FINAL      | .          | FINAL      | FINAL      | ResetRead  | .
            DataRead   | .          | .          | .          | .          | FINAL      | FINAL      | FINAL      | .          | FINAL      | FINAL      | .          | .
            ResetRead  | .          | .          | .          | .          | FINAL      | FINAL      | FINAL      | .          | FINAL      | FINAL      | .          | .
            """;
        var table = new StringBuilder("from       | ").AppendJoin(" | ", _events.Select(e => e.Name.PadRight(10)));
        foreach ((string name, Func<Part> make) in _states)
        {
            table.Append('\n').Append(name.PadRight(10));
            foreach ((_, Func<Part, TransportError?> act) in _events)
            {
                Part part = make();
                Assert.Equal(name, part.Stream.State.ToString());
                TransportError? error = act(part);
                Assert.True(error is null or { Code: TransportErrorCode.FinalSizeError });
                string outcome = error is not null ? "FINAL" : part.Stream.State.ToString();
                table.Append(" | ").Append((outcome == name ? "." : outcome).PadRight(10));
            }
        }

        Assert.Equal(Expected.ReplaceLineEndings("\n"), string.Join('\n', table.ToString().Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public void Bytes_beyond_the_streams_limit_are_an_offence_also_as_a_final_size()
    {
        Assert.Equal(TransportErrorCode.FlowControlError, new Part(window: 100).Receive(95, 6, fin: false)?.Code);
        Assert.Equal(TransportErrorCode.FlowControlError, new Part(window: 100).Receive(101, 0, fin: true)?.Code);
        Assert.Equal(TransportErrorCode.FlowControlError, new Part(window: 100).Reset(101)?.Code);
        Assert.Equal(TransportErrorCode.FlowControlError, new Part(window: 100).Receive(StreamId.Max - 1, 1, fin: false)?.Code);
        Assert.Null(new Part(window: 100).Receive(95, 5, fin: true));
        Assert.Null(new Part(window: 100).Reset(100));
    }

    [Fact]
    public void The_connection_is_charged_for_the_largest_offset_also_of_a_reset_stream()
    {
        var part = new Part(window: 100, connection: 150);
        part.Receive(20, 10, fin: false);
        Assert.Equal(30, part.Connection.Received);
        part.Receive(0, 25, fin: false);
        Assert.Equal(30, part.Connection.Received);
        part.Reset(90);
        Assert.Equal((90, 90), (part.Connection.Received, part.Connection.Consumed));

        var other = new Part(window: 100, connection: 50);
        Assert.Equal(TransportErrorCode.FlowControlError, other.Reset(51)?.Code);
        Assert.Equal(TransportErrorCode.FlowControlError, new Part(window: 100, connection: 50).Receive(0, 51, fin: false)?.Code);
    }

    [Fact]
    public void A_stopped_stream_drops_what_comes_and_gives_the_connection_its_credit_back()
    {
        var part = new Part(window: 100, connection: 1000);
        part.Receive(0, 40, fin: false);
        part.Stop();
        Assert.Equal((40, 40, 0), (part.Connection.Received, part.Connection.Consumed, part.Stream.SegmentCount));
        Assert.True(part.Stream.IsStopPending);
        Assert.Null(part.Receive(40, 30, fin: false));
        Assert.Equal((70, 70, 0), (part.Connection.Received, part.Connection.Consumed, part.Stream.SegmentCount));
        Assert.False(part.Stream.IsSettled);
        Assert.Null(part.Receive(90, 10, fin: true));
        Assert.Equal((100, 100), (part.Connection.Received, part.Connection.Consumed));
        Assert.True(part.Stream.IsSettled);
        Assert.Equal(StreamReadStatus.Closed, part.Read(10, out _));
    }

    [Fact]
    public void Stopping_is_asked_again_only_while_the_peer_may_still_send()
    {
        var part = new Part();
        part.Stop();
        part.Stream.OnStopSent();
        part.Stream.OnStopLost();
        Assert.True(part.Stream.IsStopPending);
        part.Reset(10);
        Assert.False(part.Stream.IsStopPending);
        part.Stream.OnStopLost();
        Assert.False(part.Stream.IsStopPending);

        var whole = new Part();
        whole.Receive(0, 10, fin: true);
        whole.Stop();
        Assert.False(whole.Stream.IsStopPending); // RFC 9000 §3.5: of little value once all has arrived
    }

    [Fact]
    public void A_reset_drops_what_is_unread_and_is_told_with_its_code()
    {
        var part = new Part();
        part.Receive(0, 8, fin: false);
        part.Reset(10);
        Assert.Equal(StreamReadStatus.Reset, part.Read(10, out int count));
        Assert.Equal((0, 0, 42), (count, part.Stream.SegmentCount, part.Stream.ResetCode));
    }

    [Fact]
    public void A_reset_after_the_last_byte_does_not_take_the_bytes_away()
    {
        var part = new Part();
        part.Receive(0, 10, fin: true);
        part.Reset(10);
        Assert.Equal(StreamReadStatus.Data, part.Read(20, out int count));
        Assert.Equal(10, count);
        Assert.Equal(StreamReadStatus.Finished, part.Read(20, out _));
    }

    [Fact]
    public void Readability_is_told_once_until_a_read_finds_nothing()
    {
        var part = new Part();
        Assert.False(part.Stream.TakeReadable());
        part.Receive(5, 5, fin: false);
        Assert.False(part.Stream.TakeReadable());
        part.Receive(0, 5, fin: false);
        Assert.True(part.Stream.TakeReadable());
        part.Receive(10, 5, fin: false);
        Assert.False(part.Stream.TakeReadable());
        part.Read(15, out _);
        part.Receive(15, 5, fin: false);
        Assert.False(part.Stream.TakeReadable());
        part.Read(15, out _);
        Assert.Equal(StreamReadStatus.Blocked, part.Read(15, out _));
        part.Receive(20, 0, fin: true);
        Assert.True(part.Stream.TakeReadable());
        Assert.Equal(StreamReadStatus.Finished, part.Read(15, out _));
    }

    [Fact]
    public void A_limit_is_announced_only_while_the_size_is_unknown()
    {
        var part = new Part(window: 100);
        part.Receive(0, 60, fin: false);
        part.Read(60, out _);
        Assert.True(part.Stream.IsLimitPending);
        Assert.Equal(160, part.Stream.AnnounceLimit());
        part.Stream.OnLimitLost(99);
        Assert.False(part.Stream.IsLimitPending);
        part.Stream.OnLimitLost(160);
        Assert.True(part.Stream.IsLimitPending);
        part.Receive(60, 10, fin: true);
        Assert.False(part.Stream.IsLimitPending);
        part.Stream.OnLimitLost(160);
        Assert.False(part.Stream.IsLimitPending);
    }

    private sealed class Part
    {
        private FlowWindow _connection;

        public Part(long window = 1000, long connection = 10_000)
        {
            Stream = new ReceiveStream(new StreamMemory());
            Stream.Start(window, window);
            _connection = new FlowWindow(connection, connection);
        }

        public ReceiveStream Stream { get; }

        public ref readonly FlowWindow Connection => ref _connection;

        public static Part After(params Func<Part, TransportError?>[] steps)
        {
            var part = new Part();
            foreach (Func<Part, TransportError?> step in steps)
            {
                Assert.Null(step(part));
            }

            return part;
        }

        public TransportError? Receive(long offset, int length, bool fin) => Stream.Receive(offset, new byte[length], fin, ref _connection);

        public TransportError? Reset(long finalSize) => Stream.ReceiveReset(finalSize, 42, ref _connection);

        public StreamReadStatus Read(int length, out int count) => Stream.Read(new byte[length], ref _connection, new StreamClock(0, 1), out count);

        public TransportError? ReadAll()
        {
            while (Read(1000, out _) == StreamReadStatus.Data)
            {
            }

            return null;
        }

        public TransportError? Stop()
        {
            Stream.Stop(5, ref _connection);
            return null;
        }
    }
}
