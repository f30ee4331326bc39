using Quicprochat.Quic.Frames;

namespace Quicprochat.Quic.Tests.Frames;

/// <summary>What a frame can carry in a given space is neither a byte too much nor, but for the edges between encoded sizes, too little.</summary>
public sealed class DataCapacityTests
{
    private static Gen<int> Free { get; } = Gen.OneOf(Gen.Int[0, 90], Gen.Int[0, 20_000], Gen.Int[16_380, 16_420]);

    [Fact]
    public void Crypto() => Gen.Select(FrameGen.VarInt, Free).Sample((offset, free) =>
        AssertTight(CryptoFrame.DataCapacity(offset, free), free, length => CryptoFrame.HeaderSizeOf(offset, length) + length));

    [Fact]
    public void Stream_with_a_length() => Gen.Select(FrameGen.Stream, FrameGen.VarInt, Free).Sample((id, offset, free) =>
        AssertTight(StreamFrameHeader.DataCapacity(id, offset, free), free, length => new StreamFrameHeader(id, offset, length, false, true).Size + length));

    [Fact]
    public void Stream_to_the_end() => Gen.Select(FrameGen.Stream, FrameGen.VarInt, Free).Sample((id, offset, free) =>
        AssertTight(StreamFrameHeader.DataCapacityToEnd(id, offset, free), free, length => new StreamFrameHeader(id, offset, length, false, false).Size + length));

    [Fact]
    public void Datagram() => Free.Sample(free =>
        AssertTight(DatagramFrame.DataCapacity(free), free, length => DatagramFrame.SizeOf(length, hasLength: true)));

    private static void AssertTight(int capacity, int free, Func<int, int> sizeOf)
    {
        Assert.True(capacity < 0 || sizeOf(capacity) <= free);
        Assert.True(sizeOf(Math.Max(0, capacity + 1)) > free);
    }
}
