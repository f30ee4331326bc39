namespace Quicprochat.Crypto.Tests;

public sealed class ConcatenationTests
{
    [Fact]
    public void Pieces_join_whether_or_not_they_fit_the_stack() =>
        Gen.Byte.Array[0, 80].Array[0, 20].Sample(pieces =>
        {
            var joined = new Concatenation(stackalloc byte[100]);
            foreach (var piece in pieces)
            {
                joined.Append(piece);
            }

            var result = joined.Span.ToArray();
            joined.Dispose();
            Assert.Equal(pieces.SelectMany(piece => piece).ToArray(), result);
        });

    [Fact]
    public void Numbers_are_big_endian_and_truncation_starts_over()
    {
        var joined = new Concatenation(stackalloc byte[4]);
        joined.AppendUInt16(0x0102);
        joined.Append(3);
        Assert.Equal(new byte[] { 1, 2, 3 }, joined.Span.ToArray());
        joined.Truncate(1);
        joined.Append([9, 8]);
        Assert.Equal(new byte[] { 1, 9, 8 }, joined.Span.ToArray());
        joined.Dispose();
    }

    [Fact]
    public void Disposing_zeroes_the_stack()
    {
        Span<byte> stack = stackalloc byte[8];
        var joined = new Concatenation(stack);
        joined.Append([1, 2, 3, 4, 5, 6]);
        joined.Append([7, 8, 9]);

        // Grown beyond the stack: what was left behind there is zero already.
        Assert.Equal(new byte[8], stack.ToArray());
        joined.Dispose();
        Assert.True(joined.Span.IsEmpty);
    }
}
