using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Frames;

/// <summary>Values that a frame must not have, next to the last ones it may have (RFC 9000 §19).</summary>
public sealed class FrameLimitsTests
{
    private const string Token = "000102030405060708090a0b0c0d0e0f";

    [Theory]
    [InlineData("MAX_STREAMS of 2^60", "12 d000000000000000", true)]
    [InlineData("MAX_STREAMS above 2^60", "12 d000000000000001", false)]
    [InlineData("MAX_STREAMS, unidirectional, above 2^60", "13 d000000000000001", false)]
    [InlineData("MAX_STREAMS of 2^62-1", "13 ffffffffffffffff", false)]
    [InlineData("STREAMS_BLOCKED of 2^60", "16 d000000000000000", true)]
    [InlineData("STREAMS_BLOCKED above 2^60", "16 d000000000000001", false)]
    [InlineData("STREAMS_BLOCKED, unidirectional, above 2^60", "17 d000000000000001", false)]
    [InlineData("STREAM up to offset 2^62-1", "0e 00 fffffffffffffffe 01 aa", true)]
    [InlineData("STREAM beyond offset 2^62-1", "0e 00 ffffffffffffffff 01 aa", false)]
    [InlineData("STREAM without a length beyond offset 2^62-1", "0c 00 ffffffffffffffff aa", false)]
    [InlineData("STREAM of no data at offset 2^62-1", "0e 00 ffffffffffffffff 00", true)]
    [InlineData("CRYPTO up to offset 2^62-1", "06 fffffffffffffffe 01 aa", true)]
    [InlineData("CRYPTO beyond offset 2^62-1", "06 ffffffffffffffff 01 aa", false)]
    [InlineData("CRYPTO longer than its packet", "06 00 02 aa", false)]
    [InlineData("CRYPTO of length 2^62-1", "06 00 ffffffffffffffff aa", false)]
    [InlineData("STREAM longer than its packet", "0a 00 02 aa", false)]
    [InlineData("NEW_TOKEN of one byte", "07 01 aa", true)]
    [InlineData("NEW_TOKEN without a token", "07 00", false)]
    [InlineData("NEW_CONNECTION_ID of one byte", "18 01 00 01 aa" + Token, true)]
    [InlineData("NEW_CONNECTION_ID of 20 bytes", "18 01 01 14 0000000000000000000000000000000000000000" + Token, true)]
    [InlineData("NEW_CONNECTION_ID of no bytes", "18 01 00 00" + Token, false)]
    [InlineData("NEW_CONNECTION_ID of 21 bytes", "18 01 00 15 000000000000000000000000000000000000000000" + Token, false)]
    [InlineData("NEW_CONNECTION_ID that retires beyond itself", "18 01 02 01 aa" + Token, false)]
    [InlineData("ACK of packet 0", "02 00 00 00 00", true)]
    [InlineData("ACK whose first range leads below 0", "02 00 00 00 01", false)]
    [InlineData("ACK whose next range ends at 0", "02 04 00 01 01 01 00", true)]
    [InlineData("ACK whose gap leads below 0", "02 04 00 01 01 02 00", false)]
    [InlineData("ACK whose next range leads below 0", "02 04 00 01 01 01 01", false)]
    [InlineData("ACK whose gap is 2^62-1", "02 04 00 01 01 ffffffffffffffff 00", false)]
    [InlineData("ACK whose gap and length are 2^62-1", "02 04 00 01 01 ffffffffffffffff ffffffffffffffff", false)]
    [InlineData("ACK of 2^62-1 down to 0", "02 ffffffffffffffff 00 00 ffffffffffffffff", true)]
    [InlineData("ACK of more ranges than the packet holds", "02 3f 00 02 00 00 00", false)]
    [InlineData("ACK of 2^62-1 ranges", "02 3f 00 ffffffffffffffff 00 00 00", false)]
    [InlineData("ACK with ECN counts", "03 00 00 00 00 01 02 03", true)]
    [InlineData("ACK with two ECN counts", "03 00 00 00 00 01 02", false)]
    [InlineData("CONNECTION_CLOSE longer than its packet", "1c 00 00 02 aa", false)]
    [InlineData("DATAGRAM longer than its packet", "31 02 aa", false)]
    [InlineData("DATAGRAM of no data", "31 00", true)]
    public void Limits(string what, string hex, bool isRead)
    {
        var reader = new Reader(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        var writer = new Writer(new byte[200]);
        Assert.True(isRead == AnyFrame.TryCopy(ref reader, ref writer), what);
    }
}
