using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class LossTimerTests
{
    private const SentPacketFlags Eliciting = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight;
    private readonly LossDetector[] _spaces = [new(new SentPacketLog()), new(new SentPacketLog()), new(new SentPacketLog())];
    private readonly RttEstimator _rtt = new(333_000);
    private readonly LossTimer _timer;

    public LossTimerTests() => _timer = new LossTimer(_spaces[0], _spaces[1], _spaces[2]);

    [Fact]
    public void A_client_with_nothing_in_flight_keeps_probing_until_its_address_is_validated()
    {
        _timer.Set(1000, Context());
        Assert.Equal((1000 + 999_000, EncryptionLevel.Initial), (_timer.Deadline, _timer.Space));
        _timer.Set(1000, Context(keys: true));
        Assert.Equal(EncryptionLevel.Handshake, _timer.Space);
        _timer.Set(1000, Context(keys: true, acked: true));
        Assert.Equal(LossDetector.Never, _timer.Deadline);
    }

    [Fact]
    public void A_server_with_nothing_in_flight_has_no_timer()
    {
        _timer.Set(1000, Context(side: Side.Server));
        Assert.Equal(LossDetector.Never, _timer.Deadline);
        Assert.Equal(LossTimerKind.None, _timer.Expire(long.MaxValue - 1, out _));
    }

    [Fact]
    public void A_server_that_may_not_send_has_no_probe()
    {
        Send(EncryptionLevel.Initial, 0);
        _timer.Set(10, Context(side: Side.Server, limited: true));
        Assert.Equal(LossDetector.Never, _timer.Deadline);
        _timer.Set(10, Context(side: Side.Server));
        Assert.Equal(999_000, _timer.Deadline);
    }

    [Fact]
    public void Each_probe_doubles_the_period_of_every_space()
    {
        Send(EncryptionLevel.Initial, 0);
        Send(EncryptionLevel.Handshake, 100);
        _timer.Set(100, Context(keys: true));
        Assert.Equal((999_000, EncryptionLevel.Initial), (_timer.Deadline, _timer.Space));
        Assert.Equal(LossTimerKind.None, _timer.Expire(998_999, out _));
        Assert.Equal(LossTimerKind.Probe, _timer.Expire(999_000, out EncryptionLevel level));
        Assert.Equal((EncryptionLevel.Initial, 1), (level, _timer.ProbeCount));
        Send(EncryptionLevel.Initial, 999_000);
        _timer.Set(999_000, Context(keys: true));
        Assert.Equal((100 + 1_998_000, EncryptionLevel.Handshake), (_timer.Deadline, _timer.Space));
    }

    [Fact]
    public void Application_data_has_no_probe_before_the_handshake_is_confirmed()
    {
        Send(EncryptionLevel.Application, 0);
        _timer.Set(0, Context(side: Side.Server));
        Assert.Equal(LossDetector.Never, _timer.Deadline);
        _timer.Set(0, Context(side: Side.Server, confirmed: true));
        Assert.Equal((999_000 + 25_000, EncryptionLevel.Application), (_timer.Deadline, _timer.Space));
    }

    [Fact]
    public void The_peers_delay_backs_off_too()
    {
        Send(EncryptionLevel.Application, 0);
        _timer.Set(0, Context(confirmed: true));
        _timer.Expire(_timer.Deadline, out _);
        _timer.Set(0, Context(confirmed: true));
        Assert.Equal((999_000 + 25_000) * 2, _timer.Deadline);
    }

    [Fact]
    public void A_time_threshold_comes_before_any_probe()
    {
        Send(EncryptionLevel.Initial, 0);
        Send(EncryptionLevel.Application, 0);
        Send(EncryptionLevel.Application, 5);
        var outcome = new AckOutcome();
        Assert.Null(_spaces[2].Acknowledge(outcome, Acks.One(1)));
        _spaces[2].DetectLost(10, _rtt, 0, outcome);
        _timer.Set(10, Context(confirmed: true));
        Assert.Equal((333_000L * 9 / 8, EncryptionLevel.Application), (_timer.Deadline, _timer.Space));
        Assert.Equal(LossTimerKind.DetectLost, _timer.Expire(_timer.Deadline, out _));
        Assert.Equal(0, _timer.ProbeCount);
    }

    [Fact]
    public void An_acknowledgement_ends_the_back_off_but_not_for_a_client_in_doubt()
    {
        Probe(3);
        _timer.OnAcknowledged(Context());
        Assert.Equal(3, _timer.ProbeCount);
        _timer.OnAcknowledged(Context(acked: true));
        Assert.Equal(0, _timer.ProbeCount);
        Probe(2);
        _timer.OnSpaceDiscarded();
        Assert.Equal(0, _timer.ProbeCount);
    }

    [Fact]
    public void Back_off_has_an_end()
    {
        Probe(500);
        Assert.True(_timer.Deadline is > 0 and < LossDetector.Never);
    }

    private void Probe(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _timer.Set(0, Context());
            Assert.Equal(LossTimerKind.Probe, _timer.Expire(_timer.Deadline, out _));
        }

        _timer.Set(0, Context());
    }

    private LossTimerContext Context(Side side = Side.Client, bool keys = false, bool acked = false, bool confirmed = false, bool limited = false) => new()
    {
        Side = side,
        Rtt = _rtt,
        MaxAckDelay = 25_000,
        IsConfirmed = confirmed,
        HasHandshakeKeys = keys,
        HasHandshakeAck = acked,
        IsAmplificationLimited = limited,
    };

    private void Send(EncryptionLevel level, long now)
    {
        SentPacketLog log = _spaces[(int)level].Log;
        log.Commit(new SentPacket(log.Largest + 1, now, 100, Eliciting));
    }
}
