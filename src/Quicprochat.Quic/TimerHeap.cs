namespace Quicprochat.Quic;

/// <summary>Connections ordered by their next deadline: a binary heap in which each connection knows its place, so that moving a deadline costs O(log n).</summary>
internal sealed class TimerHeap
{
    private Entry[] _entries = new Entry[16];

    private readonly record struct Entry(long Deadline, Connection Connection);

    /// <summary>Connections that have a deadline.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest deadline in microseconds, <see cref="long.MaxValue"/> when there is none.</summary>
    public long Earliest => Count == 0 ? long.MaxValue : _entries[0].Deadline;

    /// <summary>Sets a connection's deadline; <see cref="long.MaxValue"/> takes it out.</summary>
    public void Set(Connection connection, long deadline)
    {
        int place = connection.TimerPlace;
        if (deadline == long.MaxValue)
        {
            if (place >= 0)
            {
                RemoveAt(place);
            }
            return;
        }
        if (place < 0)
        {
            place = Count++;
            if (place == _entries.Length)
            {
                Array.Resize(ref _entries, place * 2);
            }
            Put(place, new Entry(deadline, connection));
            SiftUp(place);
            return;
        }
        long old = _entries[place].Deadline;
        if (old == deadline)
        {
            return;
        }
        _entries[place] = new Entry(deadline, connection);
        if (deadline < old)
        {
            SiftUp(place);
        }
        else
        {
            SiftDown(place);
        }
    }

    /// <summary>Takes the connection with the earliest deadline out of the heap if that deadline has passed.</summary>
    public bool TryTakeDue(long now, out Connection connection)
    {
        if (Count == 0 || _entries[0].Deadline > now)
        {
            connection = null!;
            return false;
        }
        connection = _entries[0].Connection;
        RemoveAt(0);
        return true;
    }

    private void RemoveAt(int place)
    {
        _entries[place].Connection.TimerPlace = -1;
        Entry last = _entries[--Count];
        _entries[Count] = default;
        if (place == Count)
        {
            return;
        }
        Put(place, last);
        SiftUp(place);
        SiftDown(last.Connection.TimerPlace);
    }

    private void SiftUp(int place)
    {
        Entry moved = _entries[place];
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (_entries[parent].Deadline <= moved.Deadline)
            {
                break;
            }
            Put(place, _entries[parent]);
            place = parent;
        }
        Put(place, moved);
    }

    private void SiftDown(int place)
    {
        Entry moved = _entries[place];
        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= Count)
            {
                break;
            }
            if (child + 1 < Count && _entries[child + 1].Deadline < _entries[child].Deadline)
            {
                child++;
            }
            if (_entries[child].Deadline >= moved.Deadline)
            {
                break;
            }
            Put(place, _entries[child]);
            place = child;
        }
        Put(place, moved);
    }

    private void Put(int place, in Entry entry)
    {
        _entries[place] = entry;
        entry.Connection.TimerPlace = place;
    }
}
