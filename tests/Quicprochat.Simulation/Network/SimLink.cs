using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Network;

/// <summary>
/// One trouble (or one property) of one direction of a way. Links are chained; each hands on what it lets through.
/// A link that rolls dice draws the same number of times for every datagram, so that the fate of one does not hang on the fate of another.
/// </summary>
internal abstract class SimLink
{
    private SimWorld? _world;
    private Action<SimDatagram>? _next;

    protected SimWorld World => _world ?? throw new InvalidOperationException("The link is in no chain.");

    /// <summary>Which place in which chain it has.</summary>
    protected string Label { get; private set; } = "";

    /// <summary>Dice of this link alone.</summary>
    protected SeededRandom Random { get; private set; } = null!;

    /// <summary>Takes its place in a chain.</summary>
    public void Attach(SimWorld world, string label, Action<SimDatagram> next)
    {
        if (_world is not null)
        {
            throw new InvalidOperationException("A link belongs to one chain.");
        }
        _world = world;
        _next = next;
        Label = label;
        Random = world.Random.Fork("link " + label);
        OnAttached();
    }

    /// <summary>A datagram arrives.</summary>
    public abstract void Handle(SimDatagram datagram);

    protected virtual void OnAttached()
    {
    }

    protected void Forward(SimDatagram datagram) => _next!(datagram);

    protected void ForwardAfter(long delay, SimDatagram datagram) => World.After(delay, () => _next!(datagram));

    protected void Drop(SimDatagram datagram, string why) => World.Trace.Add(why, datagram);
}
