namespace Quicprochat.Server.Storage.Changes;

/// <summary>Tells the open readers of a mailbox what came. Called by whoever stores, and by whoever looks for what others stored.</summary>
internal sealed class MailboxHub
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<MailboxReader>> _readers = [];

    /// <summary>The devices whose mailboxes are read.</summary>
    public int[] Devices
    {
        get
        {
            lock (_gate)
            {
                return [.. _readers.Keys];
            }
        }
    }

    /// <summary>Adds a reader.</summary>
    public void Add(int device, MailboxReader reader)
    {
        lock (_gate)
        {
            if (!_readers.TryGetValue(device, out List<MailboxReader>? readers))
            {
                _readers.Add(device, readers = []);
            }
            readers.Add(reader);
        }
    }

    /// <summary>Takes a reader away.</summary>
    public void Remove(int device, MailboxReader reader)
    {
        lock (_gate)
        {
            if (_readers.TryGetValue(device, out List<MailboxReader>? readers) && readers.Remove(reader) && readers.Count == 0)
            {
                _readers.Remove(device);
            }
        }
    }

    /// <summary>A mailbox got something new: with the message when it is at hand, otherwise null.</summary>
    public void Publish(int device, long sequence, StoredMessage? message)
    {
        lock (_gate)
        {
            if (_readers.TryGetValue(device, out List<MailboxReader>? readers))
            {
                foreach (MailboxReader reader in readers)
                {
                    reader.Offer(sequence, message);
                }
            }
        }
    }
}
