namespace Quicprochat.Quic.Tests.Connections;

/// <summary>Limits that a peer sends late or out of order (RFC 9000 §4.1, §4.6).</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_limit_lower_than_one_before_is_ignored()
    {
        using var forger = new Forger();
        forger.Send([0x10, 0x01], [0x12, 0x01], [0x13, 0x01]); // MAX_DATA 1, MAX_STREAMS 1 of both kinds
        forger.Take();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(forger.Server.TryOpenStream(StreamType.Bidirectional, out StreamId id)); // RFC 9000 §19.11
            Assert.Equal(StreamWriteStatus.Complete, forger.Server.Write(id, new byte[1_000], finish: true, out int taken));
            Assert.Equal(1_000, taken);
        }
        Assert.True(forger.Take().Sum(t => t.Length) > 3_000); // RFC 9000 §19.9
    }
}
