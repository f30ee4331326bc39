namespace Quicprochat.Server.Storage.Changes;

/// <summary>Hands changes to all who read them.</summary>
internal sealed class ChangeHub
{
    private readonly Lock _gate = new();
    private readonly List<ChangeReader> _readers = [];

    /// <summary>A new reader, from now on.</summary>
    public ChangeReader Open()
    {
        var reader = new ChangeReader(this);
        lock (_gate)
        {
            _readers.Add(reader);
        }
        return reader;
    }

    /// <summary>Takes a reader away.</summary>
    public void Remove(ChangeReader reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
        }
    }

    /// <summary>Something changed.</summary>
    public void Publish(StoreChange change)
    {
        lock (_gate)
        {
            foreach (ChangeReader reader in _readers)
            {
                reader.Offer(change);
            }
        }
    }
}
