using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Operations;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>The extension quic_transport_parameters, from either side. What is accepted must come out the same when written and read again.</summary>
internal sealed class TransportParametersTarget : IFuzzTarget
{
    private static readonly long[] _integers = [0x01, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0e, 0x20];

    public string Name => "parameters";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        [],
        [.. _integers.SelectMany(id => Forge.Parameter(id, id == 0x03 ? 1_500 : 10))],
        [.. Forge.Parameter(0x00, [1, 2, 3, 4, 5, 6, 7, 8]), .. Forge.Parameter(0x02, new byte[16]), .. Forge.Parameter(0x0c, []), .. Forge.Parameter(0x0f, [1]), .. Forge.Parameter(0x10, [2, 3])],
        Forge.Parameter(0x0d, [192, 0, 2, 1, 1, 187, .. new byte[18], 4, 1, 2, 3, 4, .. new byte[16]]),
        Forge.Parameter(27 + (31 * 100), [1, 2, 3]),
    ];

    public byte[] Generate(SeededRandom random)
    {
        var bytes = new List<byte>();
        for (int i = random.Next(8); i > 0; i--)
        {
            byte[] value = new byte[random.Next(24)];
            random.Fill(value);
            bytes.AddRange(random.Chance(0.6)
                ? Forge.Parameter(random.Pick<long>(_integers), random.NextLong(1L << random.Next(1, 62)))
                : Forge.Parameter(random.Next(0x24), value));
        }
        byte[] parameters = [.. bytes];
        return random.Chance(0.5) ? Mutation.Of(parameters, random) : parameters;
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (Side sender in new[] { Side.Client, Side.Server })
        {
            TransportError? error = TransportParameters.TryRead(input, sender, out TransportParameters? parameters);
            if (error is { } offence)
            {
                Assert.Equal(TransportErrorCode.TransportParameterError, offence.Code);
                Assert.NotEqual("", offence.Reason);
                continue;
            }
            var writer = new Writer(new byte[TransportParameters.SizeMax]);
            parameters!.Write(ref writer, 0);
            Assert.Null(TransportParameters.TryRead(writer.Written, sender, out TransportParameters? again));
            Assert.Equal(parameters, again);
        }
    }
}
