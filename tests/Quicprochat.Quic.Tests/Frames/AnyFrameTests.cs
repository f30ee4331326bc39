using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Frames;

public sealed class AnyFrameTests
{
    [Fact]
    public void Every_frame_is_written_as_it_was_read() =>
        Gen.Select(FrameGen.Delimited.Array[0, 10], FrameGen.ToEnd).Sample((frames, last) =>
        {
            byte[] payload = [.. frames.SelectMany(frame => frame), .. last];
            Assert.Equal(payload, Copy(payload));
        });

    [Fact]
    public void A_frame_cut_off_anywhere_is_not_read() =>
        FrameGen.Delimited.Sample(frame =>
        {
            for (int length = 0; length < frame.Length; length++)
            {
                Assert.Null(Copy(frame.AsSpan(0, length)));
            }
        });

    [Fact]
    public void A_frame_to_the_end_of_the_packet_cut_off_anywhere_never_gives_more_than_is_there() =>
        FrameGen.ToEnd.Sample(frame =>
        {
            for (int length = 1; length < frame.Length; length++)
            {
                byte[]? copy = Copy(frame.AsSpan(0, length));
                Assert.True(copy is null || copy.AsSpan().SequenceEqual(frame.AsSpan(0, length)));
            }
        });

    [Fact]
    public void Random_bytes_never_throw_and_what_they_mean_is_stable() =>
        Gen.Select(Gen.Byte[0, 0x32], Gen.Byte.Array[0, 60]).Sample((type, rest) =>
        {
            byte[] payload = [type, .. rest];
            var reader = new Reader(payload);
            var writer = new Writer(new byte[4000]);
            if (AnyFrame.TryCopy(ref reader, ref writer))
            {
                byte[] first = writer.Written.ToArray();
                var again = new Reader(first);
                var rewriter = new Writer(new byte[4000]);
                Assert.True(AnyFrame.TryCopy(ref again, ref rewriter));
                Assert.True(again.IsAtEnd);
                Assert.Equal(first, rewriter.Written);
            }
        }, iter: 20_000);

    [Fact]
    public void A_mutated_frame_never_throws() =>
        Gen.Select(FrameGen.Delimited, Gen.Int[0, 10_000], Gen.Byte).Sample((frame, index, value) =>
        {
            byte[] mutated = [.. frame];
            mutated[index % mutated.Length] ^= value;
            Copy(mutated);
        }, iter: 10_000);

    /// <summary>Null when a frame does not parse.</summary>
    private static byte[]? Copy(ReadOnlySpan<byte> payload)
    {
        var reader = new Reader(payload);
        var writer = new Writer(new byte[8000]);
        do
        {
            if (!AnyFrame.TryCopy(ref reader, ref writer))
            {
                return null;
            }
        }
        while (!reader.IsAtEnd);
        return writer.Written.ToArray();
    }
}
