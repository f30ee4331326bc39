using Quicprochat.Sdk.Store;
using SQLitePCL;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>Interrupts SQLite after a number of its steps. It is set up on the store's thread, since SQLite may be at work on it.</summary>
internal sealed class FailingSteps
{
    private const int Never = int.MaxValue;

    private readonly delegate_progress _handler;
    private volatile int _left = Never;

    private FailingSteps() => _handler = _ => IsDue() ? 1 : 0;

    /// <summary>Whether everything behind the step fails too, or only it.</summary>
    public bool GoesOn { get; init; }

    public static async Task<FailingSteps> OfAsync(LocalStore store, bool goesOn = false)
    {
        var steps = new FailingSteps { GoesOn = goesOn };
        await store.Read(_ => raw.sqlite3_progress_handler(store.Database.Handle, 1, steps._handler, null));
        return steps;
    }

    public void FailAfter(int steps) => _left = steps;

    public void Stop() => _left = Never;

    private bool IsDue()
    {
        if (_left == Never)
        {
            return false;
        }
        if (_left > 0)
        {
            _left--;
            return false;
        }
        _left = GoesOn ? 0 : Never;
        return true;
    }
}
