using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

/// <summary>In the steady state nothing is allocated: not for a packet, an acknowledgement, a loss, or a whole short stream.</summary>
public sealed class AllocationTests
{
    private readonly byte[] _packet = new byte[1200];
    private readonly byte[] _ack = new byte[100];
    private readonly byte[] _data = new byte[32_000];
    private readonly AckOutcome _outcome = new();
    private readonly PathRecovery _path = new(0, new RttEstimator(333_000), new NewReno(1200), new EcnValidator(isEnabled: true));
    private readonly ReceivedPackets _received = new();
    private readonly LossDetector _detector;
    private readonly TestPeer _client;
    private readonly TestPeer _server;
    private long _now;

    public AllocationTests()
    {
        (_client, _server) = TestPeer.Pair();
        _detector = new LossDetector(_client.Log);
    }

    [Fact]
    public void A_bulk_transfer_with_losses_allocates_nothing()
    {
        StreamId id = _client.Open();
        AssertNothingAllocated(() =>
        {
            _client.Table.Write(id, _data, finish: false, out _);
            Exchange(loses: true);
            while (_server.Table.Read(id, _data, _now, out _, out _) == StreamReadStatus.Data)
            {
            }

            Return();
        });
    }

    [Fact]
    public void Short_streams_allocate_nothing()
    {
        AssertNothingAllocated(() =>
        {
            Assert.True(_client.Table.TryOpen(StreamType.Unidirectional, out StreamId id));
            _client.Table.Write(id, _data.AsSpan(0, 64), finish: true, out _);
            _client.Table.Release(id);
            Exchange(loses: false);
            while (_server.Table.Read(id, _data, _now, out _, out _) == StreamReadStatus.Data)
            {
            }

            _server.Table.Release(id);
            Return();
        });
    }

    private void AssertNothingAllocated(Action round)
    {
        for (int i = 0; i < 300; i++)
        {
            round();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 300; i++)
        {
            round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(_client.Log.Largest > 500);
    }

    // Sends what is pending, loses every tenth packet, acknowledges the rest as a real receiver would.
    private void Exchange(bool loses)
    {
        while (_client.Table.HasPending)
        {
            var writer = new Writer(_packet);
            _client.Table.WriteFrames(ref writer, _client.Log);
            long number = _client.Log.Largest + 1;
            var packet = new SentPacket(number, _now, writer.Position, SentPacketFlags.AckEliciting | SentPacketFlags.InFlight);
            _client.Log.Commit(packet);
            _path.OnPacketSent(EncryptionLevel.Application, packet);
            _now += 100;
            if (!loses || number % 10 != 3)
            {
                _received.Insert(number);
                Assert.Null(_server.Receive(writer.Written));
                Acknowledge();
            }
        }

        while (_server.Table.TryTakeEvent(out _) || _client.Table.TryTakeEvent(out _))
        {
        }
    }

    private void Acknowledge()
    {
        var writer = new Writer(_ack);
        Assert.True(AckFrame.TryWrite(ref writer, _received.Descending, 0, null, _ack.Length));
        _received.ForgetBelow(_received.Largest - 50);
        var reader = new Reader(writer.Written);
        Assert.True(FrameType.TryRead(ref reader, out long type, out _));
        Assert.True(AckFrame.TryRead(ref reader, type, out AckFrame frame));
        _outcome.Clear();
        Assert.Null(_detector.Acknowledge(frame, _outcome));
        _path.UpdateRtt(_now, 0, 25_000, _outcome);
        _detector.DetectLost(_now, _path.Rtt, 0, _outcome);
        _path.Apply(_now, 25_000, _outcome);
        foreach (ref readonly SentPacket lost in _outcome.Lost)
        {
            for (int i = 0; i < lost.FrameCount; i++)
            {
                _client.Table.OnLost(_client.Log.FrameOf(lost, i));
            }
        }

        foreach (ref readonly SentPacket acked in _outcome.Acked)
        {
            for (int i = 0; i < acked.FrameCount; i++)
            {
                _client.Table.OnAcked(_client.Log.FrameOf(acked, i));
            }
        }
    }

    // The server's limits go back without a loss.
    private void Return()
    {
        while (_server.Table.HasPending)
        {
            var writer = new Writer(_packet);
            _server.Table.WriteFrames(ref writer, _server.Log);
            _server.Log.Commit(new SentPacket(_server.Log.Largest + 1, _now, writer.Position, SentPacketFlags.AckEliciting));
            _client.Receive(writer.Written);
            _server.OnAcked(_server.Log.Largest);
        }
    }
}
