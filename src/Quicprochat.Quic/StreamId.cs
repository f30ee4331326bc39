namespace Quicprochat.Quic;

/// <summary>A stream's number: its two lowest bits say who opened it and of which type it is (RFC 9000 §2.1).</summary>
public readonly record struct StreamId(long Value)
{
    /// <summary>The largest number a stream can have: 2^62-1.</summary>
    public const long Max = (1L << 62) - 1;

    /// <summary>The end that opened the stream.</summary>
    public Side Initiator => (Value & 1) == 0 ? Side.Client : Side.Server;

    /// <summary>The stream's type.</summary>
    public StreamType Type => (Value & 2) == 0 ? StreamType.Bidirectional : StreamType.Unidirectional;

    /// <summary>How many streams of this initiator and type come before this one.</summary>
    public long Index => Value >> 2;

    /// <summary>The <paramref name="index"/>-th stream, counted from 0, of an initiator and type.</summary>
    public static StreamId Of(Side initiator, StreamType type, long index) =>
        new((index << 2) | (type == StreamType.Unidirectional ? 2L : 0L) | (initiator == Side.Server ? 1L : 0L));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
