namespace Quicprochat.Simulation.World;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        byte[] first = new byte[100];
        byte[] again = new byte[100];
        byte[] other = new byte[100];
        new SeededRandom(5).Fill(first);
        new SeededRandom(5).Fill(again);
        new SeededRandom(6).Fill(other);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void A_fork_depends_on_the_seed_and_its_label_only()
    {
        var used = new SeededRandom(5);
        used.NextUInt64();

        Assert.Equal(new SeededRandom(5).Fork("a").NextUInt64(), used.Fork("a").NextUInt64());
        Assert.NotEqual(used.Fork("a").NextUInt64(), used.Fork("b").NextUInt64());
        Assert.NotEqual(used.Fork("a").NextUInt64(), new SeededRandom(6).Fork("a").NextUInt64());
    }

    [Fact]
    public void Numbers_are_spread_evenly()
    {
        var random = new SeededRandom(5);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            counts[random.Next(10)]++;
        }

        Assert.All(counts, c => Assert.InRange(c, 9_500, 10_500));
    }
}
