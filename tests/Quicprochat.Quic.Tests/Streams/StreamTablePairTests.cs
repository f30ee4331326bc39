using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

/// <summary>Two tables over a link that loses, duplicates and reorders, against what the applications wrote.</summary>
public sealed class StreamTablePairTests
{
    private static readonly TransportOptions _tight = new()
    {
        MaxInboundBidirectionalStreams = 3,
        MaxInboundUnidirectionalStreams = 2,
        ConnectionWindow = 6_000,
        ConnectionWindowMax = 20_000,
        StreamWindow = 2_500,
        StreamWindowMax = 9_000,
        SendBufferMax = 5_000,
    };

    [Fact]
    public void Every_byte_arrives_once_and_in_order_and_in_the_end_nothing_is_left() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 1 << 20], Gen.Int[0, 4000]).Array[1, 250].Sample(operations =>
        {
            var world = new World(_tight);
            foreach ((int kind, int pick, int size) in operations)
            {
                world.Step(kind, pick, size);
            }

            world.Finish();
        });

    [Fact]
    public void Thousands_of_short_streams_pass_through_a_limit_of_ten()
    {
        const int Streams = 5_000;
        (TestPeer client, TestPeer server) = TestPeer.Pair(server: new TransportOptions { MaxInboundBidirectionalStreams = 10 });
        byte[] buffer = new byte[200];
        int opened = 0;
        int answered = 0;
        for (int round = 0; round < Streams && answered < Streams; round++)
        {
            while (opened < Streams && client.Table.TryOpen(StreamType.Bidirectional, out StreamId id))
            {
                opened++;
                Assert.Equal(StreamWriteStatus.Complete, client.Table.Write(id, new byte[64], finish: true, out _));
            }

            client.Flush(server);
            foreach (ConnectionEvent readable in server.TakeEvents().Where(e => e.Kind == ConnectionEventKind.StreamReadable))
            {
                Assert.Equal(StreamReadStatus.Data, server.Table.Read(readable.Stream, buffer, round, out int count, out _));
                Assert.Equal(StreamReadStatus.Finished, server.Table.Read(readable.Stream, buffer, round, out _, out _));
                server.Table.Write(readable.Stream, buffer.AsSpan(0, count), finish: true, out _);
                server.Table.Release(readable.Stream);
            }

            server.Flush(client);
            foreach (ConnectionEvent readable in client.TakeEvents().Where(e => e.Kind == ConnectionEventKind.StreamReadable))
            {
                Assert.Equal(StreamReadStatus.Data, client.Table.Read(readable.Stream, buffer, round, out _, out _));
                Assert.True(client.Table.IsReadFinished(readable.Stream));
                client.Table.Release(readable.Stream);
                answered++;
            }
        }

        Assert.Equal((Streams, Streams, 0, 0), (opened, answered, client.Table.Count, server.Table.Count));
        Assert.Equal((0, 0), (client.Memory.SegmentsRented, server.Memory.SegmentsRented));
        Assert.InRange(server.Memory.SegmentsFree, 1, 20);
    }

    private sealed class World
    {
        private readonly TestPeer[] _peers;
        private readonly List<(int From, long Number, byte[] Packet)> _link = [];
        private readonly Dictionary<(int Writer, long Id), Flow> _flows = [];
        private readonly HashSet<(int Peer, long Id)> _open = [];
        private long _now;

        public World(TransportOptions options)
        {
            (TestPeer client, TestPeer server) = TestPeer.Pair(options, options);
            _peers = [client, server];
        }

        public void Step(int kind, int pick, int size)
        {
            int peer = pick % 2;
            pick /= 2;
            _now += 1_000;
            switch (kind)
            {
                case 0:
                    Open(peer, (StreamType)(pick % 2));
                    break;
                case 1 or 2:
                    Write(peer, pick, size, finish: false);
                    break;
                case 3:
                    Write(peer, pick, size, finish: true);
                    break;
                case 4 when pick % 8 == 0:
                    Reset(peer, pick);
                    break;
                case 5 when pick % 8 == 0:
                    Stop(peer, pick);
                    break;
                case 10 or 11:
                    Read(peer, int.MaxValue);
                    break;
                case 8 when pick % 4 == 0:
                    Read(peer, pick % 700);
                    break;
                case 9 when pick % 3 == 0:
                    Probe(peer);
                    break;
                default:
                    Carry(peer, pick, size);
                    break;
            }
        }

        /// <summary>The link becomes kind, everybody finishes, and all must have arrived.</summary>
        public void Finish()
        {
            for (int round = 0; round < 400 && (round < 2 || _open.Count > 0 || _link.Count > 0 || _peers.Any(p => p.Table.HasPending)); round++)
            {
                _now += 5_000;
                for (int peer = 0; peer < 2; peer++)
                {
                    foreach ((int _, long id) in _open.Where(o => o.Peer == peer).ToArray())
                    {
                        EndWriting(peer, new StreamId(id));
                    }

                    Read(peer, int.MaxValue);
                    while (TrySend(peer, 1200))
                    {
                    }
                }

                while (_link.Count > 0)
                {
                    Deliver(0, keeps: false, acks: true);
                }
            }

            Assert.Empty(_open);
            foreach (TestPeer peer in _peers)
            {
                Assert.Equal(0, peer.Table.Count);
                Assert.Equal(0, peer.Memory.SegmentsRented);
                Assert.Equal(0, peer.Log.Outstanding);
                Assert.False(peer.Table.HasPending);
            }

            // Both ends agree on every byte of credit that was used, and all of it is free again.
            for (int peer = 0; peer < 2; peer++)
            {
                Assert.Equal(_peers[peer].Table.DataSent, _peers[1 - peer].Table.ReceiveWindow.Received);
                Assert.Equal(_peers[peer].Table.DataSent, _peers[1 - peer].Table.ReceiveWindow.Consumed);
            }

            Assert.All(_flows.Values, flow => Assert.True(flow.IsOver));
        }

        private void Open(int peer, StreamType type)
        {
            if (_peers[peer].Table.TryOpen(type, out StreamId id))
            {
                Added(peer, id);
            }
        }

        private void Added(int peer, StreamId id)
        {
            _open.Add((peer, id.Value));
            _flows.TryAdd((id.Type == StreamType.Unidirectional ? (int)id.Initiator : 0, id.Value), new Flow());
            if (id.Type == StreamType.Bidirectional)
            {
                _flows.TryAdd((1, id.Value), new Flow());
            }
        }

        private bool TryPick(int peer, int pick, out StreamId id)
        {
            long[] ids = [.. _open.Where(o => o.Peer == peer).Select(o => o.Id).Order()];
            id = ids.Length == 0 ? default : new StreamId(ids[pick % ids.Length]);
            return ids.Length > 0;
        }

        private void Write(int peer, int pick, int size, bool finish)
        {
            if (!TryPick(peer, pick, out StreamId id) || !_flows.TryGetValue((peer, id.Value), out Flow? flow))
            {
                return;
            }

            StreamWriteStatus status = _peers[peer].Table.Write(id, ReceiveBufferTests.Pattern(flow.Written + id.Value, size), finish, out int taken);
            Assert.True(status is not StreamWriteStatus.Complete || taken == size);
            Assert.True(status is StreamWriteStatus.Complete or StreamWriteStatus.Partial || taken == 0);
            Assert.True(status is not StreamWriteStatus.Stopped || flow.IsCut);
            flow.Written += taken;
            flow.IsFinished |= finish && status == StreamWriteStatus.Complete;
        }

        private void EndWriting(int peer, StreamId id)
        {
            if (_flows.TryGetValue((peer, id.Value), out Flow? flow) && !flow.IsFinished && !flow.IsCut)
            {
                flow.IsFinished = _peers[peer].Table.Write(id, [], finish: true, out _) == StreamWriteStatus.Complete;
            }
        }

        private void Reset(int peer, int pick)
        {
            if (TryPick(peer, pick, out StreamId id) && _flows.TryGetValue((peer, id.Value), out Flow? flow))
            {
                _peers[peer].Table.Reset(id, 3);
                flow.IsCut = true;
            }
        }

        private void Stop(int peer, int pick)
        {
            if (TryPick(peer, pick, out StreamId id) && _flows.TryGetValue((1 - peer, id.Value), out Flow? flow))
            {
                _peers[peer].Table.StopSending(id, 4);
                flow.IsCut = true;
                flow.IsStopped = true;
            }
        }

        // What an application does on its events: opens, reads, and releases what is over.
        private void Read(int peer, int max)
        {
            StreamTable table = _peers[peer].Table;
            foreach (ConnectionEvent connectionEvent in _peers[peer].TakeEvents())
            {
                if (connectionEvent.Kind == ConnectionEventKind.StreamOpened)
                {
                    Added(peer, connectionEvent.Stream);
                }
            }

            byte[] destination = new byte[Math.Min(max, 3_000)];
            foreach ((int _, long value) in _open.Where(o => o.Peer == peer).ToArray())
            {
                var id = new StreamId(value);
                bool hasInput = _flows.TryGetValue((1 - peer, value), out Flow? input) && !(id.Type == StreamType.Unidirectional && (int)id.Initiator == peer);
                if (hasInput)
                {
                    ReadOne(table, id, input!, destination, max);
                }

                bool hasOutput = _flows.TryGetValue((peer, value), out Flow? output) && !(id.Type == StreamType.Unidirectional && (int)id.Initiator != peer);
                if ((!hasInput || input!.IsOver) && (!hasOutput || output!.IsFinished || output.IsCut))
                {
                    table.Release(id);
                    _open.Remove((peer, value));
                }
            }
        }

        private void ReadOne(StreamTable table, StreamId id, Flow input, byte[] destination, int max)
        {
            StreamReadStatus status;
            do
            {
                status = table.Read(id, destination, _now, out int count, out long code);
                if (status == StreamReadStatus.Data)
                {
                    Assert.Equal(ReceiveBufferTests.Pattern(input.Read + id.Value, count), destination[..count]);
                    input.Read += count;
                    Assert.True(input.Read <= input.Written);
                }
                else if (status == StreamReadStatus.Finished)
                {
                    Assert.True(input.IsFinished && input.Read == input.Written);
                    input.IsOver = true;
                }
                else if (status == StreamReadStatus.Reset)
                {
                    Assert.True(input.IsCut && code is 3 or 4 or 0);
                    input.IsOver = true;
                }
                else if (status == StreamReadStatus.Closed)
                {
                    Assert.True(input.IsStopped || input.IsOver);
                    input.IsOver = true;
                }
            }
            while (status == StreamReadStatus.Data && max == int.MaxValue);
        }

        private void Carry(int peer, int pick, int size)
        {
            if (pick % 3 != 0 || _link.Count == 0)
            {
                TrySend(peer, 100 + (size % 1_300));
                return;
            }

            int which = pick / 3 % _link.Count;
            switch (pick % 5)
            {
                case 0:
                    Lose(which);
                    break;
                case 1:
                    Deliver(which, keeps: true, acks: false); // again later: a duplicate, or an acknowledgement that was lost
                    break;
                default:
                    Deliver(which, keeps: false, acks: true);
                    break;
            }
        }

        private bool TrySend(int peer, int size)
        {
            if (!_peers[peer].TrySend(size, out byte[] packet, out long number))
            {
                return false;
            }

            _link.Add((peer, number, packet));
            return true;
        }

        private void Deliver(int which, bool keeps, bool acks)
        {
            (int from, long number, byte[] packet) = _link[which];
            Assert.Null(_peers[1 - from].Receive(packet));
            if (acks)
            {
                _peers[from].OnAcked(number);
            }

            if (!keeps)
            {
                _link.RemoveAt(which);
            }
        }

        private void Lose(int which)
        {
            _peers[_link[which].From].OnLost(_link[which].Number);
            _link.RemoveAt(which);
        }

        // A probe repeats what the oldest packet carried, which may still arrive.
        private void Probe(int peer)
        {
            if (_peers[peer].Log.TryGetOldestAckEliciting(out var packet))
            {
                for (int i = 0; i < packet.FrameCount; i++)
                {
                    _peers[peer].Table.OnLost(_peers[peer].Log.FrameOf(packet, i));
                }
            }
        }

        private sealed class Flow
        {
            public long Written;
            public long Read;
            public bool IsFinished;
            public bool IsCut;
            public bool IsStopped;
            public bool IsOver;
        }
    }
}
