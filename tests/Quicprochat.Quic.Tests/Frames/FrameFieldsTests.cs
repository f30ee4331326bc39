using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Frames;

/// <summary>Each frame's fields come back as written, and its size is the one foretold.</summary>
public sealed class FrameFieldsTests
{
    private delegate bool TryReadFrame<T>(ref Reader reader, out T frame);

    [Fact]
    public void Reset_stream() => Gen.Select(FrameGen.Stream, FrameGen.VarInt, FrameGen.VarInt).Sample((id, code, size) =>
    {
        var frame = new ResetStreamFrame(id, code, size);
        RoundTrip(frame, frame.Size, frame.Write, ResetStreamFrame.TryRead);
    });

    [Fact]
    public void Stop_sending() => Gen.Select(FrameGen.Stream, FrameGen.VarInt).Sample((id, code) =>
    {
        var frame = new StopSendingFrame(id, code);
        RoundTrip(frame, frame.Size, frame.Write, StopSendingFrame.TryRead);
    });

    [Fact]
    public void Max_data_and_data_blocked() => FrameGen.VarInt.Sample(value =>
    {
        var max = new MaxDataFrame(value);
        RoundTrip(max, max.Size, max.Write, MaxDataFrame.TryRead);
        var blocked = new DataBlockedFrame(value);
        RoundTrip(blocked, blocked.Size, blocked.Write, DataBlockedFrame.TryRead);
    });

    [Fact]
    public void Max_stream_data_and_stream_data_blocked() => Gen.Select(FrameGen.Stream, FrameGen.VarInt).Sample((id, value) =>
    {
        var max = new MaxStreamDataFrame(id, value);
        RoundTrip(max, max.Size, max.Write, MaxStreamDataFrame.TryRead);
        var blocked = new StreamDataBlockedFrame(id, value);
        RoundTrip(blocked, blocked.Size, blocked.Write, StreamDataBlockedFrame.TryRead);
    });

    [Fact]
    public void Max_streams_and_streams_blocked() => Gen.Select(FrameGen.StreamType, Gen.Long[0, 1L << 60]).Sample((streamType, value) =>
    {
        long bit = streamType == StreamType.Unidirectional ? 1 : 0;
        var max = new MaxStreamsFrame(streamType, value);
        RoundTrip(max, max.Size, max.Write, (ref Reader r, out MaxStreamsFrame f) => MaxStreamsFrame.TryRead(ref r, 0x12 + bit, out f), 0x12 + bit);
        var blocked = new StreamsBlockedFrame(streamType, value);
        RoundTrip(blocked, blocked.Size, blocked.Write, (ref Reader r, out StreamsBlockedFrame f) => StreamsBlockedFrame.TryRead(ref r, 0x16 + bit, out f), 0x16 + bit);
    });

    [Fact]
    public void New_connection_id() => Gen.Select(FrameGen.VarInt, FrameGen.VarInt, FrameGen.Id, FrameGen.Token).Sample((a, b, id, token) =>
    {
        var frame = new NewConnectionIdFrame(Math.Max(a, b), Math.Min(a, b), id, token);
        RoundTrip(frame, frame.Size, frame.Write, NewConnectionIdFrame.TryRead);
    });

    [Fact]
    public void Retire_connection_id() => FrameGen.VarInt.Sample(value =>
    {
        var frame = new RetireConnectionIdFrame(value);
        RoundTrip(frame, frame.Size, frame.Write, RetireConnectionIdFrame.TryRead);
    });

    [Fact]
    public void Path_challenge_and_response() => Gen.ULong.Sample(value =>
    {
        RoundTrip(new PathChallengeFrame(value), PathChallengeFrame.Size, new PathChallengeFrame(value).Write, PathChallengeFrame.TryRead);
        RoundTrip(new PathResponseFrame(value), PathResponseFrame.Size, new PathResponseFrame(value).Write, PathResponseFrame.TryRead);
    });

    [Fact]
    public void Crypto() => Gen.Select(FrameGen.VarInt, FrameGen.Data).Sample((anyOffset, data) =>
    {
        long offset = FrameGen.Fit(anyOffset, data);
        byte[] bytes = FrameGen.Write((ref Writer w) => new CryptoFrame(offset, data).Write(ref w));
        Assert.Equal(new CryptoFrame(offset, data).Size, bytes.Length);
        Assert.Equal(CryptoFrame.HeaderSizeOf(offset, data.Length) + data.Length, bytes.Length);
        Reader reader = AfterType(bytes, FrameType.Crypto);
        Assert.True(CryptoFrame.TryRead(ref reader, out CryptoFrame read));
        Assert.Equal(offset, read.Offset);
        Assert.Equal(data, read.Data);
        Assert.True(reader.IsAtEnd);
    });

    [Fact]
    public void New_token() => FrameGen.Data.Where(data => data.Length > 0).Sample(data =>
    {
        byte[] bytes = FrameGen.Write((ref Writer w) => new NewTokenFrame(data).Write(ref w));
        Assert.Equal(new NewTokenFrame(data).Size, bytes.Length);
        Reader reader = AfterType(bytes, FrameType.NewToken);
        Assert.True(NewTokenFrame.TryRead(ref reader, out NewTokenFrame read));
        Assert.Equal(data, read.Token);
    });

    [Fact]
    public void Stream_in_all_its_forms() =>
        Gen.Select(FrameGen.Stream, FrameGen.VarInt, FrameGen.Data, Gen.Bool, Gen.Bool).Sample((id, anyOffset, data, fin, hasLength) =>
        {
            long offset = FrameGen.Fit(anyOffset, data);
            long type = 0x08 + (offset != 0 ? 4 : 0) + (hasLength ? 2 : 0) + (fin ? 1 : 0);
            byte[] bytes = FrameGen.Write((ref Writer w) => new StreamFrame(id, offset, data, fin).Write(ref w, hasLength));
            Assert.Equal(new StreamFrame(id, offset, data, fin).SizeWith(hasLength), bytes.Length);
            Reader reader = AfterType(bytes, type);
            Assert.True(StreamFrame.TryRead(ref reader, type, out StreamFrame read));
            Assert.Equal(id, read.StreamId);
            Assert.Equal(offset, read.Offset);
            Assert.Equal(data, read.Data);
            Assert.Equal(fin, read.Fin);
            Assert.True(reader.IsAtEnd);
        });

    [Fact]
    public void Datagram_in_both_its_forms() => Gen.Select(FrameGen.Data, Gen.Bool).Sample((data, hasLength) =>
    {
        long type = hasLength ? 0x31 : 0x30;
        byte[] bytes = FrameGen.Write((ref Writer w) => new DatagramFrame(data).Write(ref w, hasLength));
        Assert.Equal(new DatagramFrame(data).SizeWith(hasLength), bytes.Length);
        Reader reader = AfterType(bytes, type);
        Assert.True(DatagramFrame.TryRead(ref reader, type, out DatagramFrame read));
        Assert.Equal(data, read.Data);
        Assert.True(reader.IsAtEnd);
    });

    [Fact]
    public void Connection_close_of_both_kinds() =>
        Gen.Select(FrameGen.VarInt, FrameGen.VarInt, FrameGen.Data, Gen.Bool).Sample((code, frameType, reason, isApplication) =>
        {
            ConnectionCloseFrame frame = isApplication
                ? ConnectionCloseFrame.Application(code, reason)
                : ConnectionCloseFrame.Transport((TransportErrorCode)code, frameType, reason);
            var writer = new Writer(new byte[200]);
            frame.Write(ref writer);
            Assert.Equal(frame.Size, writer.Position);
            long type = isApplication ? 0x1d : 0x1c;
            Reader reader = AfterType(writer.Written, type);
            Assert.True(ConnectionCloseFrame.TryRead(ref reader, type, out ConnectionCloseFrame read));
            Assert.Equal(isApplication, read.IsApplication);
            Assert.Equal(code, read.ErrorCode);
            Assert.Equal(isApplication ? 0 : frameType, read.OffendingFrameType);
            Assert.Equal(reason, read.Reason);
            Assert.True(reader.IsAtEnd);
        });

    private static void RoundTrip<T>(T frame, int size, FrameGen.WriteFrame write, TryReadFrame<T> tryRead, long? type = null)
    {
        byte[] bytes = FrameGen.Write(write);
        Assert.Equal(size, bytes.Length);
        Reader reader = AfterType(bytes, type ?? bytes[0]);
        Assert.True(tryRead(ref reader, out T read));
        Assert.Equal(frame, read);
        Assert.True(reader.IsAtEnd);
    }

    private static Reader AfterType(ReadOnlySpan<byte> bytes, long expected)
    {
        var reader = new Reader(bytes);
        Assert.True(FrameType.TryRead(ref reader, out long type, out bool isMinimal));
        Assert.Equal(expected, type);
        Assert.True(isMinimal);
        return reader;
    }
}
