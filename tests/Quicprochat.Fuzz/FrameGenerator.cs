using Quicprochat.Simulation.Operations;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz;

/// <summary>Payloads that look like payloads: frames with fields that matter, in any order, sometimes with a scratch.</summary>
internal static class FrameGenerator
{
    private const int MaxFrames = 8;

    private static readonly long[] _numbers =
        [0, 1, 2, 3, 4, 7, 8, 63, 64, 1_000, 16_383, 16_384, 65_536, 1 << 20, (1 << 30) - 1, 1 << 30, uint.MaxValue, 1L << 40, (1L << 60) - 1, 1L << 60, (1L << 60) + 1, (1L << 62) - 2, (1L << 62) - 1];

    public static byte[] Payload(SeededRandom random)
    {
        var payload = new List<byte>();
        for (int i = random.Next(1, MaxFrames + 1); i > 0 && payload.Count < 1_000; i--)
        {
            payload.AddRange(random.Chance(0.3) ? RecordedHandshake.Payloads[random.Next(RecordedHandshake.Payloads.Count)] : Frame(random));
        }
        byte[] bytes = [.. payload];
        return random.Chance(0.3) ? Mutation.Of(bytes, random) : bytes;
    }

    private static byte[] Frame(SeededRandom random)
    {
        byte[] data = new byte[random.Chance(0.8) ? random.Next(20) : random.Next(800)];
        random.Fill(data);
        long type = random.Next(0x32);
        return type switch
        {
            0x00 => Forge.Padding(1 + random.Next(30)),
            0x01 or 0x1e => [(byte)type],
            0x02 or 0x03 => Ack(random, type),
            0x04 => Forge.ResetStream(Stream(random), Number(random), Number(random)),
            0x05 => Forge.StopSending(Stream(random), Number(random)),
            0x06 => Forge.Crypto(Number(random), data),
            0x07 => Forge.NewToken(data),
            >= 0x08 and <= 0x0f => StreamFrame(random, type, data),
            0x11 or 0x15 => Forge.Numbers(type, Stream(random), Number(random)),
            0x10 or 0x12 or 0x13 or 0x14 or 0x16 or 0x17 or 0x19 => Forge.Numbers(type, Number(random)),
            0x18 => Forge.NewConnectionId(random.Next(12), random.Next(12), data.AsSpan(0, Math.Min(data.Length, 21)), new byte[16]),
            0x1a or 0x1b => [(byte)type, .. BitConverter.GetBytes(random.NextUInt64())],
            0x30 => [0x30, .. data],
            0x31 => [0x31, .. Forge.VarInt(data.Length), .. data],
            _ => Forge.VarInt(type + (random.Chance(0.5) ? 0 : Number(random) & 0xffff), size: random.Chance(0.8) ? 0 : 8),
        };
    }

    private static byte[] StreamFrame(SeededRandom random, long type, byte[] data)
    {
        var frame = new List<byte> { (byte)type };
        frame.AddRange(Forge.VarInt(Stream(random)));
        if ((type & 0x04) != 0)
        {
            frame.AddRange(Forge.VarInt(random.Chance(0.7) ? random.Next(5_000) : Number(random)));
        }
        if ((type & 0x02) != 0)
        {
            frame.AddRange(Forge.VarInt(data.Length));
        }
        frame.AddRange(data);
        return [.. frame];
    }

    private static byte[] Ack(SeededRandom random, long type)
    {
        long largest = random.Chance(0.8) ? random.Next(60) : Number(random);
        var ranges = new (long, long)[random.Next(6)];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = (random.Next(4), random.Next(4));
        }
        byte[] frame = Forge.Ack(largest, random.Next(4), ranges);
        frame[0] = (byte)type;
        return type == 0x02 ? frame : [.. frame, .. Forge.VarInt(random.Next(50)), .. Forge.VarInt(Number(random)), .. Forge.VarInt(random.Next(50))];
    }

    /// <summary>Mostly one of the first few streams of each kind.</summary>
    private static long Stream(SeededRandom random) => random.Chance(0.9) ? random.Next(40) : Number(random);

    private static long Number(SeededRandom random) => random.Pick<long>(_numbers);
}
