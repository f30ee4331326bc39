using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class BitRunsTests
{
    private const int Bits = 256;

    [Fact]
    public void Runs_are_what_an_array_of_flags_would_hold() =>
        Gen.Select(Gen.Bool, Gen.Int[0, Bits], Gen.Int[0, Bits]).Array[0, 30].Sample(operations =>
        {
            ulong[] bits = new ulong[Bits / 64];
            bool[] model = new bool[Bits];
            foreach ((bool sets, int a, int b) in operations)
            {
                (int start, int end) = (Math.Min(a, b), Math.Max(a, b));
                if (sets)
                {
                    BitRuns.Set(bits, start, end);
                }
                else
                {
                    BitRuns.Clear(bits, start, end);
                }

                model.AsSpan(start, end - start).Fill(sets);
            }

            for (int from = 0; from < Bits; from++)
            {
                Assert.Equal(Next(model, from, true), BitRuns.NextSet(bits, from));
                Assert.Equal(Next(model, from, false), BitRuns.NextClear(bits, from));
            }
        });

    private static int Next(bool[] model, int from, bool value)
    {
        int index = Array.IndexOf(model, value, from);
        return index < 0 ? Bits : index;
    }
}
