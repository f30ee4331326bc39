using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Tests.Recovery;

public sealed class EcnValidatorTests
{
    private const EncryptionLevel Level = EncryptionLevel.Application;

    [Fact]
    public void A_path_that_reports_its_marks_becomes_capable_after_the_test()
    {
        EcnValidator ecn = Tested();
        Assert.Equal((EcnState.Unknown, Ecn.NotEct), (ecn.State, ecn.Mark));
        Assert.False(ecn.OnAck(Level, 10, new EcnCounts(10, 0, 0)));
        Assert.Equal((EcnState.Capable, Ecn.Ect0), (ecn.State, ecn.Mark));
    }

    [Fact]
    public void A_new_mark_of_congestion_is_told_once()
    {
        EcnValidator ecn = Tested();
        Assert.True(ecn.OnAck(Level, 5, new EcnCounts(4, 0, 1)));
        Assert.False(ecn.OnAck(Level, 2, new EcnCounts(6, 0, 1)));
        Assert.True(ecn.OnAck(Level, 1, new EcnCounts(6, 0, 2)));
        Assert.Equal(EcnState.Capable, ecn.State);
    }

    public static TheoryData<int, EcnCountsOrNone> Lies => new()
    {
        { 1, new(null) }, // no counts although a marked packet is acknowledged
        { 5, new(new EcnCounts(3, 0, 1)) }, // fewer than were acknowledged
        { 5, new(new EcnCounts(11, 0, 0)) }, // more than were sent
        { 5, new(new EcnCounts(5, 1, 0)) }, // a mark that was never set
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void Counts_that_cannot_be_right_end_marking(int acknowledged, EcnCountsOrNone counts)
    {
        EcnValidator ecn = Tested();
        Assert.False(ecn.OnAck(Level, acknowledged, counts.ToCounts()));
        Assert.Equal((EcnState.Failed, Ecn.NotEct), (ecn.State, ecn.Mark));
    }

    [Fact]
    public void Counts_must_not_fall()
    {
        EcnValidator ecn = Tested();
        ecn.OnAck(Level, 5, new EcnCounts(5, 0, 0));
        ecn.OnAck(Level, 0, new EcnCounts(4, 0, 1));
        Assert.Equal(EcnState.Failed, ecn.State);
    }

    [Fact]
    public void No_counts_for_unmarked_packets_prove_nothing()
    {
        EcnValidator ecn = Tested();
        ecn.OnAck(Level, 0, null);
        Assert.Equal(EcnState.Unknown, ecn.State);
    }

    [Fact]
    public void When_every_marked_packet_is_lost_the_mark_is_blamed()
    {
        EcnValidator ecn = Tested();
        ecn.OnMarkedLost(9);
        Assert.Equal(EcnState.Unknown, ecn.State);
        ecn.OnMarkedLost(1);
        Assert.Equal(EcnState.Failed, ecn.State);
    }

    [Fact]
    public void Two_probe_timeouts_end_the_test_early()
    {
        var ecn = new EcnValidator(isEnabled: true);
        ecn.OnMarkedSent(Level, isInFlight: true);
        ecn.OnProbeTimeout(1);
        Assert.Equal(Ecn.Ect0, ecn.Mark);
        ecn.OnProbeTimeout(2);
        Assert.Equal(Ecn.NotEct, ecn.Mark);
    }

    [Fact]
    public void Each_packet_number_space_has_counts_of_its_own()
    {
        EcnValidator ecn = Tested();
        ecn.OnMarkedSent(EncryptionLevel.Initial, isInFlight: true);
        ecn.OnAck(EncryptionLevel.Initial, 1, new EcnCounts(1, 0, 0));
        ecn.OnAck(Level, 10, new EcnCounts(10, 0, 0));
        Assert.Equal(EcnState.Capable, ecn.State);
    }

    [Fact]
    public void A_new_path_is_tested_from_the_counts_so_far()
    {
        EcnValidator ecn = Tested();
        ecn.OnAck(Level, 10, new EcnCounts(10, 0, 0));
        ecn.Restart();
        Assert.Equal(EcnState.Testing, ecn.State);
        ecn.OnMarkedSent(Level, isInFlight: true);
        ecn.OnAck(Level, 1, new EcnCounts(10, 0, 0));
        Assert.Equal(EcnState.Failed, ecn.State);
    }

    [Fact]
    public void A_host_that_cannot_mark_never_does() => Assert.Equal(Ecn.NotEct, new EcnValidator(isEnabled: false).Mark);

    private static EcnValidator Tested()
    {
        var ecn = new EcnValidator(isEnabled: true);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Ecn.Ect0, ecn.Mark);
            ecn.OnMarkedSent(Level, isInFlight: true);
        }

        return ecn;
    }

    public sealed class EcnCountsOrNone
    {
        private readonly EcnCounts? _counts;

        internal EcnCountsOrNone(EcnCounts? counts) => _counts = counts;

        internal EcnCounts? ToCounts() => _counts;
    }
}
