namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>A thread of its own for calls that block: SQLite has no others.</summary>
internal static class StoreThread
{
    /// <summary>Starts one.</summary>
    /// <returns>Completes when it ends.</returns>
    public static Task Start(string name, Action work)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            finally
            {
                end.TrySetResult();
            }
        })
        { Name = name, IsBackground = true };
        thread.Start();
        return end.Task;
    }
}
