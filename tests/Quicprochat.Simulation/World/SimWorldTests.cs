namespace Quicprochat.Simulation.World;

public sealed class SimWorldTests
{
    [Fact]
    public void Events_happen_in_the_order_of_their_times_and_then_as_they_were_asked_for()
    {
        var world = new SimWorld(1);
        var happened = new List<string>();
        world.After(20, () => happened.Add("late"));
        world.After(10, () =>
        {
            happened.Add("first");
            world.After(0, () => happened.Add("at once"));
        });
        world.After(10, () => happened.Add("second"));
        world.RunFor(100);

        Assert.Equal(["first", "second", "at once", "late"], happened);
        Assert.Equal(100, world.Clock.Elapsed);
    }

    [Fact]
    public void A_run_stops_where_it_is_done_or_at_its_limit()
    {
        var world = new SimWorld(1);
        int count = 0;
        Tick();

        Assert.True(world.RunUntil(() => count == 5, 1_000));
        Assert.Equal(40, world.Clock.Elapsed);
        Assert.False(world.RunUntil(() => count == 500, 1_000));

        void Tick()
        {
            count++;
            world.After(10, Tick);
        }
    }

    [Fact]
    public void Time_that_stands_still_is_found_out()
    {
        var world = new SimWorld(1);
        Again();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => world.RunFor(1_000));
        Assert.Contains("stands still", e.Message, StringComparison.Ordinal);

        void Again() => world.After(0, () => world.After(0, Again));
    }

    [Fact]
    public void A_failure_names_its_seed_and_shows_the_trace()
    {
        SimulationException e = Assert.Throws<SimulationException>(() => SimWorld.Run(42, world =>
        {
            world.Trace.Add("host", "did something");
            throw new InvalidOperationException("It broke.");
        }));

        Assert.Contains("It broke.", e.Message, StringComparison.Ordinal);
        Assert.Contains($"QPC_SEED={SimSeed.OrDefault(42)}", e.Message, StringComparison.Ordinal);
        Assert.Contains("did something", e.Message, StringComparison.Ordinal);
    }
}
