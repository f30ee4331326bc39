using System.Diagnostics.CodeAnalysis;
using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Frames;

/// <summary>Random encoded frames of every type, as our own writers make them.</summary>
internal static class FrameGen
{
    /// <summary>Integers of all encoded sizes, the edges between them more often.</summary>
    public static Gen<long> VarInt { get; } = Gen.OneOf(
        Gen.Long[0, 63],
        Gen.Long[0, Quic.Packets.VarInt.Max2],
        Gen.Long[0, Quic.Packets.VarInt.Max4],
        Gen.Long[0, Quic.Packets.VarInt.Max],
        Gen.OneOf(0L, 63, 64, Quic.Packets.VarInt.Max2, Quic.Packets.VarInt.Max2 + 1, Quic.Packets.VarInt.Max4, Quic.Packets.VarInt.Max4 + 1L, Quic.Packets.VarInt.Max));

    public static Gen<byte[]> Data { get; } = Gen.Byte.Array[0, 100];

    public static Gen<ConnectionId> Id { get; } = Gen.Byte.Array[1, 20].Select(bytes => ConnectionId.From(bytes));

    public static Gen<StatelessResetToken> Token { get; } = Gen.Byte.Array[16].Select(bytes => StatelessResetToken.From(bytes));

    public static Gen<StreamId> Stream { get; } = VarInt.Select(value => new StreamId(value));

    public static Gen<StreamType> StreamType { get; } = Gen.OneOf(Quic.StreamType.Bidirectional, Quic.StreamType.Unidirectional);

    /// <summary>Ranges from the largest down with gaps between them.</summary>
    public static Gen<AckRange[]> Ranges { get; } = Gen.Select(Gen.Long[0, 1L << 40], Gen.Select(Gen.Long[1, 100], Gen.Long[2, 5000]).Array[1, 40], (start, steps) =>
    {
        var ranges = new List<AckRange>();
        long smallest = start;
        foreach ((long count, long gap) in steps)
        {
            ranges.Insert(0, new AckRange(smallest, smallest + count - 1));
            smallest += count - 1 + gap;
        }
        return ranges.ToArray();
    });

    public static Gen<EcnCounts?> Ecn { get; } = Gen.Select(Gen.Bool, VarInt, VarInt, VarInt, (there, a, b, c) => there ? new EcnCounts(a, b, c) : (EcnCounts?)null);

    /// <summary>Frames that say themselves where they end.</summary>
    public static Gen<byte[]> Delimited { get; } = Gen.OneOf(
        Gen.Const(new byte[] { 0x01 }),
        Gen.Const(new byte[] { 0x1e }),
        Gen.Select(Ranges, VarInt, Ecn, (ranges, delay, ecn) => Write((ref Writer w) => AckFrame.TryWrite(ref w, ranges, delay, ecn, w.Free))),
        Gen.Select(Stream, VarInt, VarInt, (id, code, size) => Write(new ResetStreamFrame(id, code, size).Write)),
        Gen.Select(Stream, VarInt, (id, code) => Write(new StopSendingFrame(id, code).Write)),
        Gen.Select(VarInt, Data, (offset, data) => Write((ref Writer w) => new CryptoFrame(Fit(offset, data), data).Write(ref w))),
        Data.Where(data => data.Length > 0).Select(data => Write((ref Writer w) => new NewTokenFrame(data).Write(ref w))),
        Gen.Select(Stream, VarInt, Data, Gen.Bool, (id, offset, data, fin) =>
            Write((ref Writer w) => new StreamFrame(id, Fit(offset, data), data, fin).Write(ref w, hasLength: true))),
        VarInt.Select(value => Write(new MaxDataFrame(value).Write)),
        Gen.Select(Stream, VarInt, (id, value) => Write(new MaxStreamDataFrame(id, value).Write)),
        Gen.Select(StreamType, Gen.Long[0, 1L << 60], (type, value) => Write(new MaxStreamsFrame(type, value).Write)),
        VarInt.Select(value => Write(new DataBlockedFrame(value).Write)),
        Gen.Select(Stream, VarInt, (id, value) => Write(new StreamDataBlockedFrame(id, value).Write)),
        Gen.Select(StreamType, Gen.Long[0, 1L << 60], (type, value) => Write(new StreamsBlockedFrame(type, value).Write)),
        Gen.Select(VarInt, VarInt, Id, Token, (a, b, id, token) => Write(new NewConnectionIdFrame(Math.Max(a, b), Math.Min(a, b), id, token).Write)),
        VarInt.Select(value => Write(new RetireConnectionIdFrame(value).Write)),
        Gen.ULong.Select(value => Write(new PathChallengeFrame(value).Write)),
        Gen.ULong.Select(value => Write(new PathResponseFrame(value).Write)),
        Gen.Select(VarInt, VarInt, Data, (code, type, reason) =>
            Write((ref Writer w) => ConnectionCloseFrame.Transport((TransportErrorCode)code, type, reason).Write(ref w))),
        Gen.Select(VarInt, Data, (code, reason) => Write((ref Writer w) => ConnectionCloseFrame.Application(code, reason).Write(ref w))),
        Data.Select(data => Write((ref Writer w) => new DatagramFrame(data).Write(ref w, hasLength: true))));

    /// <summary>Frames that take the rest of their packet.</summary>
    public static Gen<byte[]> ToEnd { get; } = Gen.OneOf(
        Gen.Int[1, 50].Select(count => new byte[count]),
        Gen.Select(Stream, VarInt, Data, Gen.Bool, (id, offset, data, fin) =>
            Write((ref Writer w) => new StreamFrame(id, Fit(offset, data), data, fin).Write(ref w, hasLength: false))),
        Data.Select(data => Write((ref Writer w) => new DatagramFrame(data).Write(ref w, hasLength: false))));

    [SuppressMessage("Design", "CA1045", Justification = "A writer is passed by reference.")]
    internal delegate void WriteFrame(ref Writer writer);

    public static byte[] Write(WriteFrame write)
    {
        var writer = new Writer(new byte[2000]);
        write(ref writer);
        return writer.Written.ToArray();
    }

    /// <summary>An offset whose data ends within 2^62-1.</summary>
    public static long Fit(long offset, byte[] data) => Math.Min(offset, Quic.Packets.VarInt.Max - data.Length);
}
