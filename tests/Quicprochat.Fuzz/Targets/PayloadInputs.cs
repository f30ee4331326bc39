using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>Inputs that are a level and a payload.</summary>
internal static class PayloadInputs
{
    public static IEnumerable<byte[]> Of(IEnumerable<byte[]> payloads) =>
        payloads.SelectMany(p => new byte[][] { [0, .. p], [1, .. p], [2, .. p] });

    /// <summary>Mostly 1-RTT: it costs no new handshake, and has most frames.</summary>
    public static byte[] Generate(SeededRandom random) =>
        [random.Chance(0.8) ? (byte)2 : (byte)random.Next(2), .. FrameGenerator.Payload(random)];
}
