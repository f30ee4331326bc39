using System.Text;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Frames;

public sealed class ConnectionCloseFrameTests
{
    [Fact]
    public void A_reason_is_cut_between_characters_and_fits() =>
        Gen.Select(Gen.String[Gen.OneOf('a', 'é', '€', '語'), 0, 60], Gen.Int[0, 150], Gen.Bool).Sample((text, budget, isApplication) =>
        {
            byte[] reason = Encoding.UTF8.GetBytes(text);
            ConnectionCloseFrame whole = isApplication
                ? ConnectionCloseFrame.Application(1, reason)
                : ConnectionCloseFrame.Transport(TransportErrorCode.ProtocolViolation, 0x1e, reason);
            ConnectionCloseFrame cut = whole.CutTo(budget);
            Assert.True(cut.Size <= budget || cut.Reason.IsEmpty);
            Assert.StartsWith(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(cut.Reason), text, StringComparison.Ordinal);
            if (cut.Reason.Length < reason.Length)
            {
                Assert.True(whole.Size > budget);
                Assert.True(cut.Reason.IsEmpty || cut.Size > budget - 4, "more than one character too short");
            }
            Assert.Equal(whole.ErrorCode, cut.ErrorCode);
            Assert.Equal(whole.OffendingFrameType, cut.OffendingFrameType);
        });

    [Fact]
    public void A_reason_that_is_not_UTF8_is_cut_all_the_same()
    {
        byte[] reason = [.. Enumerable.Repeat((byte)0x80, 40)];
        Assert.True(ConnectionCloseFrame.Application(1, reason).CutTo(20).Reason.IsEmpty);
    }

    [Fact]
    public void A_close_is_encoded_as_the_RFC_draws_it()
    {
        var writer = new Writer(new byte[20]);
        ConnectionCloseFrame.Transport(TransportErrorCode.ProtocolViolation, FrameType.HandshakeDone, "no"u8).Write(ref writer);
        ConnectionCloseFrame.Application(0x40, "ok"u8).Write(ref writer);
        Assert.Equal("1c0a1e026e6f" + "1d4040026f6b", Convert.ToHexStringLower(writer.Written));
    }
}
