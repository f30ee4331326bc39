using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>
/// ACK (RFC 9000 §19.3):
/// <code>
/// Type (i) = 0x02..0x03, Largest Acknowledged (i), ACK Delay (i), ACK Range Count (i), First ACK Range (i),
/// { Gap (i), ACK Range Length (i) } ..., [ECT0 Count (i), ECT1 Count (i), ECN-CE Count (i)]
/// </code>
/// </summary>
internal readonly ref struct AckFrame
{
    private const int MinRangeSize = 2;

    /// <summary>The largest packet number acknowledged.</summary>
    public long LargestAcknowledged { get; private init; }

    /// <summary>The ACK Delay field as it is; see <see cref="DelayWith"/>.</summary>
    public long EncodedDelay { get; private init; }

    /// <summary>All ranges, from the largest down.</summary>
    public AckRanges Ranges { get; private init; }

    /// <summary>How many ranges there are, at least one.</summary>
    public long RangeCount { get; private init; }

    /// <summary>The ECN counts of type 0x03, otherwise null.</summary>
    public EcnCounts? Ecn { get; private init; }

    /// <summary>The delay in microseconds, at most 2^62-1, with the peer's ack_delay_exponent (RFC 9000 §19.3).</summary>
    public long DelayWith(int exponent) => EncodedDelay > VarInt.Max >> exponent ? VarInt.Max : EncodedDelay << exponent;

    public static bool TryRead(scoped ref Reader reader, long type, out AckFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarInt(out long largest) || !reader.TryReadVarInt(out long delay)
            || !reader.TryReadVarInt(out long count) || !reader.TryReadVarInt(out long firstLength))
        {
            return false; // RFC 9000 §19.3
        }
        if (firstLength > largest || count > reader.Remaining / MinRangeSize)
        {
            return false; // RFC 9000 §19.3.1, §20.1: below zero, or more ranges than the packet holds
        }
        int start = reader.Position;
        var first = new AckRange(largest - firstLength, largest);
        AckRange range = first;
        for (long i = 0; i < count; i++)
        {
            if (!AckRanges.TryReadNext(ref reader, range, out range))
            {
                return false; // RFC 9000 §19.3.1
            }
        }
        ReadOnlySpan<byte> gapsAndLengths = reader.Since(start);
        if (!TryReadEcn(ref reader, type, out EcnCounts? ecn))
        {
            return false; // RFC 9000 §19.3.2
        }
        frame = new AckFrame
        {
            LargestAcknowledged = largest,
            EncodedDelay = delay,
            Ranges = new AckRanges(first, gapsAndLengths),
            RangeCount = count + 1,
            Ecn = ecn,
        };
        return true;
    }

    /// <summary>
    /// Writes an ACK of at most <paramref name="budget"/> bytes: as many of <paramref name="descending"/>, from the largest down, as fit.
    /// False, with nothing written, when not even the first does.
    /// </summary>
    /// <param name="writer">Has at least <paramref name="budget"/> bytes free.</param>
    /// <param name="descending">At least one range, none overlapping or touching the next.</param>
    /// <param name="encodedDelay">Microseconds, shifted right by this end's ack_delay_exponent.</param>
    /// <param name="ecn">Null where ECN marks are not seen.</param>
    /// <param name="budget">Bytes the frame may take.</param>
    public static bool TryWrite(ref Writer writer, scoped ReadOnlySpan<AckRange> descending, long encodedDelay, EcnCounts? ecn, int budget)
    {
        AckRange first = descending[0];
        int size = 1 + VarInt.SizeOf(first.Largest) + VarInt.SizeOf(encodedDelay) + VarInt.SizeOf(descending.Length - 1)
            + VarInt.SizeOf(first.Count - 1) + SizeOf(ecn);
        if (size > budget)
        {
            return false;
        }
        int count = 1;
        while (count < descending.Length)
        {
            (long gap, long length) = Encode(descending[count - 1], descending[count]);
            size += VarInt.SizeOf(gap) + VarInt.SizeOf(length);
            if (size > budget)
            {
                break;
            }
            count++;
        }
        FrameType.Write(ref writer, ecn is null ? FrameType.Ack : FrameType.AckEcn);
        writer.WriteVarInt(first.Largest);
        writer.WriteVarInt(encodedDelay);
        writer.WriteVarInt(count - 1);
        writer.WriteVarInt(first.Count - 1);
        for (int i = 1; i < count; i++)
        {
            (long gap, long length) = Encode(descending[i - 1], descending[i]);
            writer.WriteVarInt(gap);
            writer.WriteVarInt(length);
        }
        WriteEcn(ref writer, ecn);
        return true;
    }

    /// <summary>Gap and ACK Range Length of <paramref name="range"/> below <paramref name="previous"/> (RFC 9000 §19.3.1).</summary>
    private static (long Gap, long Length) Encode(AckRange previous, AckRange range) =>
        (previous.Smallest - range.Largest - 2, range.Largest - range.Smallest);

    private static bool TryReadEcn(ref Reader reader, long type, out EcnCounts? ecn)
    {
        ecn = null;
        if (type != FrameType.AckEcn)
        {
            return true;
        }
        if (!reader.TryReadVarInt(out long ect0) || !reader.TryReadVarInt(out long ect1) || !reader.TryReadVarInt(out long ce))
        {
            return false;
        }
        ecn = new EcnCounts(ect0, ect1, ce);
        return true;
    }

    private static int SizeOf(EcnCounts? ecn) =>
        ecn is { } counts ? VarInt.SizeOf(counts.Ect0) + VarInt.SizeOf(counts.Ect1) + VarInt.SizeOf(counts.Ce) : 0;

    private static void WriteEcn(ref Writer writer, EcnCounts? ecn)
    {
        if (ecn is { } counts)
        {
            writer.WriteVarInt(counts.Ect0);
            writer.WriteVarInt(counts.Ect1);
            writer.WriteVarInt(counts.Ce);
        }
    }
}
