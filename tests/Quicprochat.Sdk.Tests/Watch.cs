namespace Quicprochat.Sdk.Tests;

/// <summary>Keeps every event of a client from the moment it is made, and waits for some.</summary>
internal sealed class Watch
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<ClientEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Watch(QpcClient client) => _ = ReadAsync(client.Events(CancellationToken.None));

    public IReadOnlyList<ClientEvent> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Waits until an event fits; one that came already counts.</summary>
    public async Task<T> ForAsync<T>(Func<T, bool>? fits = null)
        where T : ClientEvent
    {
        T? found = null;
        await UntilAsync(events => (found = events.OfType<T>().FirstOrDefault(item => fits?.Invoke(item) ?? true)) is not null, typeof(T).Name);
        return found!;
    }

    /// <summary>Waits until something holds, and looks again after every event.</summary>
    public Task UntilAsync(Func<bool> holds, string what) => UntilAsync(_ => holds(), what);

    /// <summary>Waits for messages with these texts, in this order, and no other text.</summary>
    public async Task TextsAsync(params string[] texts)
    {
        await UntilAsync(_ => Texts.Count >= texts.Length, "texts");
        Assert.Equal(texts, Texts);
    }

    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (_lock)
            {
                return [.. _events.OfType<MessageReceived>().Select(static item => item.Message.Text).OfType<string>()];
            }
        }
    }

    private async Task UntilAsync(Func<IReadOnlyList<ClientEvent>, bool> holds, string what)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task more;
            IReadOnlyList<ClientEvent> events;
            lock (_lock)
            {
                more = _more.Task;
                events = [.. _events];
            }
            if (holds(events))
            {
                return;
            }
            TimeSpan left = _patience - TimeProvider.System.GetElapsedTime(began);
            try
            {
                await more.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"Waited in vain for {what}. Events: {string.Join("; ", events.TakeLast(20).Select(static item => item.GetType().Name + " " + (item as EntrySkipped)?.Reason + (item as Notice)?.Text))}");
            }
        }
    }

    private async Task ReadAsync(IAsyncEnumerable<ClientEvent> events)
    {
        await foreach (ClientEvent item in events)
        {
            TaskCompletionSource more;
            lock (_lock)
            {
                _events.Add(item);
                more = _more;
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            more.TrySetResult();
        }
    }
}
