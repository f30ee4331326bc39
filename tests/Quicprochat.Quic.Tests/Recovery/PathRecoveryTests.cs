using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class PathRecoveryTests
{
    private const SentPacketFlags Eliciting = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight;
    private const int Size = 1200;
    private readonly PathRecovery _path = new(7, new RttEstimator(333_000), new NewReno(Size), new EcnValidator(isEnabled: true));
    private readonly LossDetector _detector = new(new SentPacketLog());
    private readonly AckOutcome _outcome = new();

    [Fact]
    public void What_arrives_leaves_the_flight_and_gives_a_sample()
    {
        Send(0, at: 1000);
        Send(1, at: 2000);
        Acknowledge(52_000, Acks.One(1));
        Assert.Equal(50_000, _path.Rtt.Latest);
        Assert.Equal(Size, _path.Congestion.BytesInFlight);
        Assert.Equal(13_200, _path.Congestion.Window);
    }

    [Fact]
    public void An_old_acknowledgement_gives_no_sample()
    {
        Send(0, at: 0);
        Send(1, at: 0);
        Acknowledge(50_000, Acks.One(1));
        Acknowledge(90_000, new AckRange(0, 1));
        Assert.Equal(50_000, _path.Rtt.Latest);
        Assert.Equal(0, _path.Congestion.BytesInFlight);
    }

    [Fact]
    public void Packets_without_anything_to_acknowledge_give_no_sample()
    {
        Send(0, at: 0, flags: SentPacketFlags.InFlight);
        Acknowledge(50_000, Acks.One(0));
        Assert.False(_path.Rtt.HasSample);
    }

    [Fact]
    public void A_loss_is_a_congestion_event()
    {
        for (long i = 0; i < 5; i++)
        {
            Send(i, at: i);
        }

        Acknowledge(50_000, Acks.One(4));
        Assert.Equal(6_000, _path.Congestion.Window);
        Assert.Equal(2, _path.PacketsLost);
        Assert.Equal(2 * Size, _path.Congestion.BytesInFlight);
    }

    [Fact]
    public void The_loss_of_a_probe_for_a_larger_datagram_is_none()
    {
        Send(0, at: 0, flags: Eliciting | SentPacketFlags.MtuProbe);
        for (long i = 1; i < 5; i++)
        {
            Send(i, at: i);
        }

        Acknowledge(50_000, new AckRange(1, 4));
        Assert.Equal(1, _path.PacketsLost);
        Assert.Equal(12_000 + (4 * Size), _path.Congestion.Window);
        Assert.Equal(0, _path.Congestion.BytesInFlight);
    }

    [Fact]
    public void Packets_of_another_path_do_not_count()
    {
        for (long i = 0; i < 5; i++)
        {
            Send(i, at: i, pathId: 6);
        }

        Acknowledge(50_000, Acks.One(4));
        Assert.False(_path.Rtt.HasSample);
        Assert.Equal((12_000, 0, 0), (_path.Congestion.Window, _path.PacketsLost, _path.Congestion.BytesInFlight));
    }

    [Fact]
    public void A_believed_mark_of_congestion_halves_the_window()
    {
        Send(0, at: 1, flags: Eliciting | SentPacketFlags.Ect);
        Send(1, at: 2, flags: Eliciting | SentPacketFlags.Ect);
        Acknowledge(50_000, new EcnCounts(1, 0, 1), new AckRange(0, 1));
        Assert.Equal(6_000, _path.Congestion.Window);
    }

    [Fact]
    public void Persistent_congestion_leaves_the_minimum()
    {
        Send(0, at: 0);
        Acknowledge(10_000, Acks.One(0));
        for (long i = 1; i < 10; i++)
        {
            Send(i, at: 10_000 + (i * 100_000));
        }

        Acknowledge(1_000_000, Acks.One(9));
        Assert.Equal((2 * Size) + Size, _path.Congestion.Window); // the minimum, and slow start on the packet acknowledged (RFC 9002 A.7)
        Assert.Equal(_path.Rtt.Latest, _path.Rtt.Min);
    }

    private void Send(long number, long at, SentPacketFlags flags = Eliciting, int pathId = 7)
    {
        var packet = new SentPacket(number, at, Size, flags, pathId);
        _detector.Log.Commit(packet);
        if (pathId == _path.PathId)
        {
            _path.OnPacketSent(EncryptionLevel.Application, packet);
        }
    }

    private void Acknowledge(long now, params AckRange[] descending) => Acknowledge(now, null, descending);

    private void Acknowledge(long now, EcnCounts? ecn, params AckRange[] descending)
    {
        _outcome.Clear();
        Assert.Null(_detector.Acknowledge(_outcome, descending));
        _path.UpdateRtt(now, 0, 25_000, _outcome);
        if (ecn is not null)
        {
            _path.ProcessEcn(now, EncryptionLevel.Application, ecn, _outcome);
        }

        _detector.DetectLost(now, _path.Rtt, _path.PathId, _outcome);
        _path.Apply(now, 25_000, _outcome);
    }
}
