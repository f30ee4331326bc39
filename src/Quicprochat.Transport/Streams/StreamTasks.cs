namespace Quicprochat.Transport.Streams;

/// <summary>The tasks behind <see cref="QuicStream.ReadsClosed"/> and <see cref="QuicStream.WritesClosed"/>, made only for those who ask.</summary>
internal static class StreamTasks
{
    /// <summary>The task of a side that has not ended well: failed when <paramref name="failure"/> is there, otherwise open.</summary>
    public static Task Of(ref TaskCompletionSource? source, Failure? failure, TaskCreationOptions continuations)
    {
        if (source is null)
        {
            source = new TaskCompletionSource(continuations);
            if (failure is not null)
            {
                Fail(source, failure);
            }
        }
        return source.Task;
    }

    public static void Fail(TaskCompletionSource? source, Failure failure)
    {
        if (source is not null && source.TrySetException(failure.ToException()))
        {
            // Not everyone who asks for the task waits for it: that is no unobserved exception.
            _ = source.Task.Exception;
        }
    }
}
