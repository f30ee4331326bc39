using System.Runtime.CompilerServices;

namespace Quicprochat.Sdk.Session;

/// <summary>
/// Public methods leave the context of their caller first: what follows must not wait for a window's message loop, nor hold one up. The work goes to the thread pool, or to
/// the one thread that a simulation has.
/// </summary>
/// <param name="home">Where the work runs; the thread pool when null.</param>
internal readonly struct CallerContext(SynchronizationContext? home) : ICriticalNotifyCompletion
{
    private readonly SynchronizationContext? _home = home;

    /// <summary>True where the work already is where it belongs.</summary>
    public bool IsCompleted => ReferenceEquals(SynchronizationContext.Current, _home) && (_home is not null || TaskScheduler.Current == TaskScheduler.Default);

    /// <summary>Runs work there, and does not begin it here.</summary>
    public static async Task RunAsync(SynchronizationContext? home, Func<Task> work)
    {
        await new Always(home);
        await work();
    }

    public CallerContext GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => Post(_home, continuation);

    public void UnsafeOnCompleted(Action continuation) => Post(_home, continuation);

    private static void Post(SynchronizationContext? home, Action continuation)
    {
        if (home is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
        }
        else
        {
            home.Post(static action => ((Action)action!)(), continuation);
        }
    }

    private readonly struct Always(SynchronizationContext? home) : ICriticalNotifyCompletion
    {
        private readonly SynchronizationContext? _home = home;

        public bool IsCompleted => false;

        public Always GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => Post(_home, continuation);

        public void UnsafeOnCompleted(Action continuation) => Post(_home, continuation);
    }
}
