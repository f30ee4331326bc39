using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Quicprochat.Sdk.Sync;

/// <summary>Hands every event to every reader, in one order. A reader that is too slow loses events and is told how many.</summary>
internal sealed class EventHub(int eventsMax)
{
    private readonly Lock _lock = new();
    private readonly List<Reader> _readers = [];
    private bool _closed;

    /// <summary>Begins to keep events for a new reader at once, not only when it begins to read.</summary>
    public IAsyncEnumerable<ClientEvent> Subscribe(CancellationToken cancellationToken)
    {
        var reader = new Reader(eventsMax);
        lock (_lock)
        {
            if (_closed)
            {
                reader.Close();
            }
            else
            {
                _readers.Add(reader);
            }
        }
        return ReadAsync(reader, cancellationToken);
    }

    public void Raise(ClientEvent item)
    {
        lock (_lock)
        {
            foreach (Reader reader in _readers)
            {
                reader.Add(item);
            }
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _readers.ForEach(static reader => reader.Close());
            _readers.Clear();
        }
    }

    private async IAsyncEnumerable<ClientEvent> ReadAsync(Reader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (await reader.WaitAsync(cancellationToken))
            {
                while (reader.TryTake(out ClientEvent? item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _readers.Remove(reader);
            }
        }
    }

    /// <summary>One reader's events. They are added under the hub's lock, so that a loss is told in its place.</summary>
    private sealed class Reader(int eventsMax)
    {
        private readonly Channel<ClientEvent> _events = Channel.CreateUnbounded<ClientEvent>();
        private long _lost;

        public void Add(ClientEvent item)
        {
            // One place is kept for the word that events were lost.
            if (_events.Reader.Count >= eventsMax - 1)
            {
                _lost++;
                return;
            }
            if (_lost > 0)
            {
                _events.Writer.TryWrite(new EventsLost(_lost));
                _lost = 0;
            }
            _events.Writer.TryWrite(item);
        }

        public void Close() => _events.Writer.TryComplete();

        public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _events.Reader.WaitToReadAsync(cancellationToken);

        public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ClientEvent? item) => _events.Reader.TryRead(out item);
    }
}
