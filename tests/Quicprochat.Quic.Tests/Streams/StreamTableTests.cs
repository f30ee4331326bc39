using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class StreamTableTests
{
    private static readonly TransportOptions _small = new()
    {
        MaxInboundBidirectionalStreams = 4,
        MaxInboundUnidirectionalStreams = 2,
        ConnectionWindow = 10_000,
        ConnectionWindowMax = 10_000,
        StreamWindow = 4_000,
        StreamWindowMax = 4_000,
        SendBufferMax = 20_000,
    };

    private delegate void Write(ref Writer writer);

    // The peer is a client; the table is a server's, which has opened its streams 1 (bidirectional) and 3 (unidirectional).
    public static TheoryData<string, TransportErrorCode?> Offences => new()
    {
        { "STREAM 0", null },
        { "STREAM 12", null },
        { "STREAM 16", TransportErrorCode.StreamLimitError },
        { "STREAM 6", null },
        { "STREAM 10", TransportErrorCode.StreamLimitError },
        { "STREAM 4611686018427387900", TransportErrorCode.StreamLimitError },
        { "STREAM 1", null },
        { "STREAM 5", TransportErrorCode.StreamStateError },
        { "STREAM 3", TransportErrorCode.StreamStateError },
        { "STREAM 7", TransportErrorCode.StreamStateError },
        { "RESET_STREAM 0", null },
        { "RESET_STREAM 16", TransportErrorCode.StreamLimitError },
        { "RESET_STREAM 1", null },
        { "RESET_STREAM 3", TransportErrorCode.StreamStateError },
        { "RESET_STREAM 5", TransportErrorCode.StreamStateError },
        { "STREAM_DATA_BLOCKED 0", null },
        { "STREAM_DATA_BLOCKED 16", TransportErrorCode.StreamLimitError },
        { "STREAM_DATA_BLOCKED 3", TransportErrorCode.StreamStateError },
        { "STREAM_DATA_BLOCKED 5", TransportErrorCode.StreamStateError },
        { "STOP_SENDING 0", null },
        { "STOP_SENDING 16", TransportErrorCode.StreamLimitError },
        { "STOP_SENDING 1", null },
        { "STOP_SENDING 3", null },
        { "STOP_SENDING 2", TransportErrorCode.StreamStateError },
        { "STOP_SENDING 5", TransportErrorCode.StreamStateError },
        { "STOP_SENDING 7", TransportErrorCode.StreamStateError },
        { "MAX_STREAM_DATA 0", null },
        { "MAX_STREAM_DATA 16", TransportErrorCode.StreamLimitError },
        { "MAX_STREAM_DATA 1", null },
        { "MAX_STREAM_DATA 3", null },
        { "MAX_STREAM_DATA 2", TransportErrorCode.StreamStateError },
        { "MAX_STREAM_DATA 5", TransportErrorCode.StreamStateError },
        { "MAX_STREAM_DATA 7", TransportErrorCode.StreamStateError },
    };

    [Theory]
    [MemberData(nameof(Offences))]
    public void A_frame_for_a_stream_that_cannot_take_it_is_answered_with_the_rfcs_code(string frame, TransportErrorCode? code)
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair(_small, _small);
        server.Open();
        server.Open(StreamType.Unidirectional);
        var id = new StreamId(long.Parse(frame.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        byte[] bytes = Bytes((ref Writer writer) =>
        {
            switch (frame.Split(' ')[0])
            {
                case "STREAM":
                    new StreamFrame(id, 0, "x"u8, fin: false).Write(ref writer, hasLength: true);
                    break;
                case "RESET_STREAM":
                    new ResetStreamFrame(id, 1, 0).Write(ref writer);
                    break;
                case "STREAM_DATA_BLOCKED":
                    new StreamDataBlockedFrame(id, 5).Write(ref writer);
                    break;
                case "STOP_SENDING":
                    new StopSendingFrame(id, 1).Write(ref writer);
                    break;
                default:
                    new MaxStreamDataFrame(id, 1).Write(ref writer);
                    break;
            }
        });
        TransportError? error = server.Receive(bytes);
        Assert.Equal(code, error?.Code);
        Assert.True(error is null || (error.Value.FrameType != 0 && error.Value.Reason.Length > 0));
        Assert.Equal(Side.Client, client.Side);
    }

    [Fact]
    public void Data_beyond_a_limit_is_an_offence()
    {
        Assert.Equal(TransportErrorCode.FlowControlError, Server().Receive(Stream(0, 4_000, 1))?.Code);
        Assert.Equal(TransportErrorCode.FlowControlError, Server().Receive(Stream(0, StreamId.Max - 1, 1))?.Code);
        Assert.Null(Server().Receive(Stream(0, 3_999, 1)));

        TestPeer server = Server();
        Assert.Null(server.Receive(Stream(0, 3_999, 1)));
        Assert.Null(server.Receive(Stream(4, 3_999, 1)));
        Assert.Null(server.Receive(Stream(8, 1_999, 1)));
        Assert.Equal(TransportErrorCode.FlowControlError, server.Receive(Stream(8, 2_000, 1))?.Code);
    }

    [Fact]
    public void Late_frames_for_a_closed_stream_are_no_offence()
    {
        TestPeer server = Server();
        Assert.Null(server.Receive(Stream(4, 0, 10, fin: true)));
        server.Table.Write(new StreamId(4), [], finish: true, out _);
        while (server.TrySend(1200, out _, out long number))
        {
            server.OnAcked(number);
        }

        server.Table.Release(new StreamId(4));
        Assert.Equal(1, server.Table.Count); // stream 0, opened by the use of 4

        Assert.Null(server.Receive(Stream(4, 0, 10, fin: true)));
        Assert.Null(server.Receive(Stream(4, 500, 10)));
        Assert.Null(server.Receive(Bytes((ref Writer writer) => new ResetStreamFrame(new StreamId(4), 1, 99).Write(ref writer))));
        Assert.Null(server.Receive(Bytes((ref Writer writer) => new StopSendingFrame(new StreamId(4), 1).Write(ref writer))));
        Assert.Null(server.Receive(Bytes((ref Writer writer) => new MaxStreamDataFrame(new StreamId(4), 99).Write(ref writer))));
        Assert.Equal(1, server.Table.Count);
        Assert.Equal(StreamReadStatus.Closed, server.Table.Read(new StreamId(4), new byte[1], 0, out _, out _));
        Assert.Equal(StreamWriteStatus.Closed, server.Table.Write(new StreamId(4), new byte[1], finish: false, out _));
    }

    [Fact]
    public void The_use_of_a_number_opens_those_below_and_each_is_told_in_order()
    {
        TestPeer server = Server();
        Assert.Null(server.Receive(Stream(8, 0, 5)));
        Assert.Equal(3, server.Table.Count);
        Assert.Equal(
            ["StreamOpened 0", "StreamOpened 4", "StreamOpened 8", "StreamReadable 8", "StreamsAvailable 1", "StreamsAvailable 3"],
            Names(server.TakeEvents()));
        Assert.Null(server.Receive(Stream(8, 5, 5)));
        Assert.Null(server.Receive(Stream(0, 0, 5)));
        Assert.Equal(["StreamReadable 0"], Names(server.TakeEvents()));
    }

    [Fact]
    public void Credit_for_a_stream_comes_back_only_after_its_release_and_its_end()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair(_small, _small);
        StreamId[] ids = [.. Enumerable.Range(0, 4).Select(_ => client.Open())];
        Assert.False(client.Table.TryOpen(StreamType.Bidirectional, out _));
        foreach (StreamId id in ids)
        {
            client.Table.Reset(id, 1);
            client.Table.StopSending(id, 1);
        }

        // Rapid reset: every stream is over as far as the peer goes, and still none more may be opened.
        client.Flush(server);
        server.Flush(client);
        Assert.False(client.Table.TryOpen(StreamType.Bidirectional, out _));
        Assert.Equal(TransportErrorCode.StreamLimitError, server.Receive(Stream(16, 0, 1))?.Code);

        foreach (StreamId id in ids)
        {
            server.Table.Release(id);
        }

        client.TakeEvents();
        server.Flush(client);
        Assert.Equal([new ConnectionEvent(ConnectionEventKind.StreamsAvailable, new StreamId(0), 4)], client.TakeEvents());
        Assert.True(client.Table.TryOpen(StreamType.Bidirectional, out StreamId next));
        Assert.Equal(16, next.Value);
    }

    [Fact]
    public void A_peer_with_room_is_not_told_of_each_stream()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair(server: new TransportOptions { MaxInboundBidirectionalStreams = 100 });
        int updates = 0;
        for (int i = 0; i < 400; i++)
        {
            StreamId id = client.Open();
            client.Table.Write(id, "x"u8, finish: true, out _);
            client.Flush(server);
            server.Table.Write(id, "y"u8, finish: true, out _);
            server.Table.Release(id);
            server.Flush(client);
            client.Table.Release(id);
            updates += client.TakeEvents().Count(e => e.Kind == ConnectionEventKind.StreamsAvailable && e.Stream.Type == StreamType.Bidirectional);
        }

        Assert.InRange(updates, 4, 40);
    }

    [Fact]
    public void Being_out_of_streams_is_said_once_for_each_limit()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair(_small, _small);
        client.Open(StreamType.Unidirectional);
        client.Open(StreamType.Unidirectional);
        Assert.False(client.Table.HasPending);
        Assert.False(client.Table.TryOpen(StreamType.Unidirectional, out _));
        Assert.False(client.Table.TryOpen(StreamType.Unidirectional, out _));
        Assert.True(client.TrySend(100, out byte[] packet, out long number));
        Assert.Equal([(byte)FrameType.StreamsBlockedUni, 2], packet);
        Assert.False(client.Table.HasPending);
        client.OnLost(number);
        Assert.True(client.TrySend(100, out packet, out number));
        Assert.Equal([(byte)FrameType.StreamsBlockedUni, 2], packet);
        Assert.Null(client.Receive(Bytes((ref Writer writer) => new MaxStreamsFrame(StreamType.Unidirectional, 3).Write(ref writer))));
        client.OnLost(number);
        Assert.False(client.Table.HasPending);
        Assert.Null(server.Receive(packet));
    }

    [Fact]
    public void Without_the_peers_parameters_nothing_is_opened_or_said()
    {
        var client = new TestPeer(Side.Client);
        Assert.False(client.Table.TryOpen(StreamType.Bidirectional, out _));
        Assert.False(client.Table.HasPending);
    }

    [Fact]
    public void The_initial_limits_follow_who_opened_the_stream()
    {
        var client = new TestPeer(Side.Client);
        client.Table.ApplyPeerParameters(new TransportParameters
        {
            InitialMaxData = 1000,
            InitialMaxStreamDataBidiLocal = 11,
            InitialMaxStreamDataBidiRemote = 22,
            InitialMaxStreamDataUni = 33,
            InitialMaxStreamsBidi = 1,
            InitialMaxStreamsUni = 1,
        });
        client.Receive(Stream(1, 0, 1));
        foreach ((StreamId id, int limit) in (ValueTuple<StreamId, int>[])[(client.Open(), 22), (client.Open(StreamType.Unidirectional), 33), (new StreamId(1), 11)])
        {
            client.Table.Write(id, new byte[100], finish: false, out _);
            Assert.True(client.TrySend(1200, out byte[] packet, out _));
            Assert.Equal(limit, StreamBytes(packet));
            while (client.TrySend(1200, out packet, out _))
            {
                Assert.Equal(0, StreamBytes(packet)); // STREAM_DATA_BLOCKED
            }
        }
    }

    [Fact]
    public void The_connections_limit_holds_new_bytes_back_but_neither_repairs_nor_ends()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair(_small, _small);
        StreamId[] ids = [client.Open(), client.Open(), client.Open()];
        foreach (StreamId id in ids)
        {
            client.Table.Write(id, new byte[4_000], finish: false, out _);
        }

        var numbers = new List<long>();
        long sent = 0;
        bool isBlocked = false;
        while (client.TrySend(1200, out byte[] packet, out long number))
        {
            numbers.Add(number);
            sent += StreamBytes(packet);
            isBlocked |= packet.AsSpan().SequenceEqual(Bytes((ref Writer writer) => new DataBlockedFrame(10_000).Write(ref writer)));
        }

        Assert.Equal((10_000, 10_000), (sent, client.Table.DataSent));
        Assert.True(isBlocked);
        client.OnLost(numbers[0]);
        Assert.True(client.TrySend(1200, out byte[] repair, out _));
        Assert.InRange(StreamBytes(repair), 1000, 1200);
        Assert.False(client.Table.HasPending);

        StreamId last = client.Open();
        client.Table.Write(last, [], finish: true, out _);
        Assert.True(client.TrySend(1200, out byte[] end, out _));
        Assert.Null(server.Receive(end));
        Assert.True(server.Table.IsReadFinished(last));

        Assert.Null(client.Receive(Bytes((ref Writer writer) => new MaxDataFrame(10_500).Write(ref writer))));
        Assert.True(client.TrySend(1200, out byte[] more, out _));
        Assert.Equal(500, StreamBytes(more));
    }

    [Fact]
    public void What_is_blocked_can_be_said_again_lest_the_connection_idles_out()
    {
        (TestPeer client, _) = TestPeer.Pair(_small, _small);
        Assert.False(client.Table.RepeatBlocked());
        StreamId id = client.Open();
        client.Table.Write(id, new byte[5_000], finish: false, out _);
        while (client.TrySend(1200, out _, out _))
        {
        }

        Assert.True(client.Table.RepeatBlocked());
        Assert.True(client.TrySend(1200, out byte[] packet, out _));
        Assert.Equal(Bytes((ref Writer writer) => new StreamDataBlockedFrame(id, 4_000).Write(ref writer)), packet);
        Assert.False(client.Table.HasPending);

        foreach (StreamId other in (StreamId[])[client.Open(), client.Open()])
        {
            client.Table.Write(other, new byte[4_000], finish: false, out _);
        }

        while (client.TrySend(1200, out _, out _))
        {
        }

        Assert.True(client.Table.RepeatBlocked());
        Assert.True(client.TrySend(1200, out packet, out _));
        Assert.Equal((byte)FrameType.DataBlocked, packet[0]);
    }

    [Fact]
    public void A_peer_that_allows_no_streams_is_told_that_one_is_wanted()
    {
        (TestPeer client, _) = TestPeer.Pair(server: new TransportOptions { MaxInboundUnidirectionalStreams = 0 });
        Assert.False(client.Table.TryOpen(StreamType.Unidirectional, out _));
        Assert.True(client.TrySend(100, out byte[] packet, out _));
        Assert.Equal([(byte)FrameType.StreamsBlockedUni, 0], packet);
    }

    [Fact]
    public void Reading_gives_the_peer_new_limits()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair(_small, _small);
        StreamId id = client.Open();
        long total = 0;
        byte[] buffer = new byte[10_000];
        for (int i = 0; i < 50; i++)
        {
            client.Table.Write(id, new byte[3_000], finish: false, out int taken);
            Assert.Equal(3_000, taken);
            client.Flush(server);
            while (server.Table.Read(id, buffer, i * 1_000_000, out int count, out _) == StreamReadStatus.Data)
            {
                total += count;
            }

            server.Flush(client);
        }

        Assert.Equal(150_000, total);
    }

    [Fact]
    public void Streams_take_turns_and_one_alone_fills_the_packets()
    {
        (TestPeer client, _) = TestPeer.Pair();
        StreamId[] ids = [client.Open(), client.Open(), client.Open()];
        foreach (StreamId id in ids)
        {
            client.Table.Write(id, new byte[100_000], finish: false, out _);
        }

        var sent = new Dictionary<long, long>();
        for (int i = 0; i < 30; i++)
        {
            Assert.True(client.TrySend(1200, out byte[] packet, out _));
            Assert.Equal(1200, packet.Length);
            var reader = new Reader(packet);
            Assert.True(FrameType.TryRead(ref reader, out long type, out _));
            Assert.True(StreamFrame.TryRead(ref reader, type, out StreamFrame frame));
            Assert.True(reader.IsAtEnd);
            sent[frame.StreamId.Value] = sent.GetValueOrDefault(frame.StreamId.Value) + 1;
        }

        Assert.Equal([10, 10, 10], sent.Values);
    }

    [Fact]
    public void Many_small_streams_share_a_packet()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair();
        for (int i = 0; i < 20; i++)
        {
            client.Table.Write(client.Open(), new byte[40], finish: true, out _);
        }

        Assert.True(client.TrySend(1200, out byte[] packet, out _));
        Assert.False(client.Table.HasPending);
        Assert.Null(server.Receive(packet));
        Assert.Equal(20, server.TakeEvents().Count(e => e.Kind == ConnectionEventKind.StreamReadable));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(61)]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(67)]
    [InlineData(200)]
    public void A_packet_of_any_room_is_filled_with_frames_that_read_back(int room)
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair();
        StreamId id = client.Open();
        client.Table.Write(id, ReceiveBufferTests.Pattern(id.Value, 3_000), finish: true, out _);
        byte[] buffer = new byte[room];
        for (int i = 0; i < 3_000 / Math.Max(room, 40) * 2 + 5 && client.Table.HasPending; i++)
        {
            var writer = new Writer(buffer);
            client.Table.WriteFrames(ref writer, client.Log);
            Assert.Null(server.Receive(writer.Written));
            Assert.True(writer.Free < 20 || !client.Table.HasPending);
        }

        byte[] read = new byte[3_000];
        bool isWhole = server.Table.Read(id, read, 0, out int count, out _) == StreamReadStatus.Data && count == 3_000;
        Assert.Equal(room >= 20, isWhole);
        Assert.True(room < 20 || read.AsSpan().SequenceEqual(ReceiveBufferTests.Pattern(id.Value, 3_000)));
    }

    [Fact]
    public void Asked_to_stop_a_stream_is_reset_with_the_same_code_and_told()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair();
        StreamId id = client.Open();
        client.Table.Write(id, new byte[100], finish: false, out _);
        client.Flush(server);
        server.Table.StopSending(id, 77);
        server.Flush(client);
        Assert.Contains(client.TakeEvents(), e => e is { Kind: ConnectionEventKind.StreamStopped, Code: 77 } && e.Stream == id);
        Assert.Equal(StreamWriteStatus.Stopped, client.Table.Write(id, new byte[1], finish: false, out _));
        Assert.True(client.TrySend(100, out byte[] packet, out long number));
        Assert.Equal(Bytes((ref Writer writer) => new ResetStreamFrame(id, 77, 100).Write(ref writer)), packet);
        client.OnLost(number);
        Assert.True(client.TrySend(100, out byte[] again, out number));
        Assert.Equal(packet, again);
        client.OnAcked(number);
        Assert.Contains(client.TakeEvents(), e => e.Kind == ConnectionEventKind.StreamSendFinished);
    }

    [Fact]
    public void After_the_release_only_the_end_of_sending_is_told()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair();
        StreamId id = client.Open();
        client.TakeEvents();
        client.Table.Write(id, new byte[100], finish: true, out _);
        client.Table.Release(id);
        client.Flush(server);
        Assert.Equal([$"StreamSendFinished {id}"], Names(client.TakeEvents()));
        Assert.Equal(1, client.Table.Count); // the peer has not ended its side yet
        Assert.True(server.Table.IsReadFinished(id));
        server.Flush(client);
        client.Flush(server);
        Assert.Equal(0, client.Table.Count);
        Assert.Empty(client.TakeEvents());
    }

    [Fact]
    public void A_release_without_an_end_resets_and_stops()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair();
        StreamId id = client.Open();
        client.Table.Write(id, new byte[100], finish: false, out _);
        client.Flush(server);
        client.Table.Release(id);
        client.Flush(server);
        server.Flush(client);
        Assert.Equal(0, client.Table.Count);
        Assert.Equal(StreamReadStatus.Reset, server.Table.Read(id, new byte[10], 0, out _, out _));
        Assert.Contains(server.TakeEvents(), e => e.Kind == ConnectionEventKind.StreamStopped);
        server.Table.Release(id);
        Assert.Equal(0, server.Table.Count);
    }

    [Fact]
    public void A_cut_write_is_told_when_it_can_go_on()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair(new TransportOptions { SendBufferMax = 2_000 });
        StreamId id = client.Open();
        client.TakeEvents();
        Assert.Equal(StreamWriteStatus.Partial, client.Table.Write(id, new byte[5_000], finish: true, out int taken));
        Assert.Equal(2_000, taken);
        Assert.Empty(client.TakeEvents());
        client.Flush(server);
        Assert.Equal([$"StreamWritable {id}"], Names(client.TakeEvents()));
    }

    [Fact]
    public void A_closed_connection_holds_nothing_and_answers_nothing()
    {
        (TestPeer client, TestPeer server) = TestPeer.Pair();
        StreamId id = client.Open();
        client.Table.Write(id, new byte[100_000], finish: false, out _);
        server.Receive(Stream(0, 5, 1000));
        client.Table.Abort();
        server.Table.Abort();
        Assert.Equal((0, 0), (client.Memory.SegmentsRented, server.Memory.SegmentsRented));
        Assert.False(client.Table.HasPending || client.Table.TryTakeEvent(out _) || client.Table.TryOpen(StreamType.Bidirectional, out _));
        Assert.Equal(StreamWriteStatus.Closed, client.Table.Write(id, new byte[1], finish: true, out _));
        Assert.Equal(StreamReadStatus.Closed, client.Table.Read(id, new byte[1], 0, out _, out _));
        client.Table.Reset(id, 1);
        client.Table.StopSending(id, 1);
        client.Table.Release(id);
        Assert.Null(server.Receive(Stream(4, 0, 10)));
        Assert.Equal(0, server.Table.Count);
        client.Table.Abort();
    }

    [Fact]
    public void The_windows_grow_with_a_fast_reader_up_to_their_bounds()
    {
        var options = new TransportOptions { StreamWindow = 4_096, StreamWindowMax = 65_536, ConnectionWindow = 4_096, ConnectionWindowMax = 80_000 };
        (TestPeer client, TestPeer server) = TestPeer.Pair(server: options);
        StreamId id = client.Open();
        byte[] buffer = new byte[100_000];
        long largest = 0;
        for (int i = 0; i < 100; i++)
        {
            client.Table.Write(id, new byte[100_000], finish: false, out _);
            client.Flush(server);
            long now = i * 1_000;
            long got = 0;
            while (server.Table.Read(id, buffer, now, out int count, out _) == StreamReadStatus.Data)
            {
                got += count;
            }

            server.Flush(client);
            largest = Math.Max(largest, got);
        }

        Assert.Equal(65_536, largest);
    }

    [Fact]
    public void Whatever_frames_a_hostile_peer_sends_nothing_is_thrown_and_memory_stays_within_the_windows() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 24], Gen.Long[0, 4_500], Gen.Int[0, 60], Gen.Bool).Array[1, 400].Sample(frames =>
        {
            TestPeer server = Server();
            server.Open();
            foreach ((int kind, int stream, long value, int length, bool flag) in frames)
            {
                byte[] bytes = Hostile(kind, new StreamId(stream), value, length, flag);
                if (server.Receive(bytes) is not null)
                {
                    server.Table.Abort();
                }

                while (flag && server.TrySend(100, out _, out long number))
                {
                    server.OnAcked(number);
                }

                // Windows of 10,000 bytes in all: each stream adds at most one segment at either end.
                Assert.InRange(server.Memory.SegmentsRented, 0, (10_000 / Segment.Size) + (2 * 7));
                Assert.InRange(server.Table.Count, 0, 7);
            }

            server.Table.Abort();
            Assert.Equal(0, server.Memory.SegmentsRented);
        });

    private static byte[] Hostile(int kind, StreamId id, long value, int length, bool flag) => Bytes((ref Writer writer) =>
    {
        long wild = flag ? value : StreamId.Max - value;
        switch (kind)
        {
            case <= 2:
                new StreamFrame(id, value, new byte[length], fin: length == 7).Write(ref writer, hasLength: true);
                break;
            case 3:
                new ResetStreamFrame(id, wild, value).Write(ref writer);
                break;
            case 4:
                new StopSendingFrame(id, wild).Write(ref writer);
                break;
            case 5:
                new MaxStreamDataFrame(id, wild).Write(ref writer);
                break;
            case 6:
                new MaxDataFrame(wild).Write(ref writer);
                break;
            default:
                new MaxStreamsFrame(flag ? StreamType.Bidirectional : StreamType.Unidirectional, Math.Min(wild, TransportParameters.MaxStreams)).Write(ref writer);
                break;
        }
    });

    private static TestPeer Server() => TestPeer.Pair(_small, _small).Server;

    private static string[] Names(IEnumerable<ConnectionEvent> events) => [.. events.Select(e => $"{e.Kind} {e.Stream}")];

    private static byte[] Stream(long id, long offset, int length, bool fin = false) =>
        Bytes((ref Writer writer) => new StreamFrame(new StreamId(id), offset, new byte[length], fin).Write(ref writer, hasLength: true));

    private static byte[] Bytes(Write write)
    {
        var writer = new Writer(new byte[2_000]);
        write(ref writer);
        return writer.Written.ToArray();
    }

    private static long StreamBytes(byte[] packet)
    {
        var reader = new Reader(packet);
        long bytes = 0;
        while (!reader.IsAtEnd && FrameType.TryRead(ref reader, out long type, out _))
        {
            if (!FrameType.IsStream(type))
            {
                return bytes;
            }

            Assert.True(StreamFrame.TryRead(ref reader, type, out StreamFrame frame));
            bytes += frame.Data.Length;
        }

        return bytes;
    }
}
