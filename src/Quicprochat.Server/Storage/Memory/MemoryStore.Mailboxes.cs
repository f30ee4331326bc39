using Quicprochat.Server.Storage.Changes;
using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Memory;

internal sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<SendResult> SendAsync(NewMessage message, long nowMs, CancellationToken cancellationToken) => Do(() => Send(message, nowMs), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<MailboxPage> ReadMailboxAsync(DeviceAddress device, long cursor, PageBounds bounds, CancellationToken cancellationToken) =>
        Do(() => Active(device) is { } found ? Read(found, cursor, bounds) : new MailboxPage([], default), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> AcknowledgeAsync(DeviceAddress device, long upTo, CancellationToken cancellationToken) => Do(
        () =>
        {
            if (Active(device) is not { } found)
            {
                return false;
            }
            long end = Math.Min(upTo, found.State.Newest);
            if (end > found.State.Acknowledged)
            {
                found.State = found.State with { Acknowledged = end };
                DropUpTo(found, end);
            }
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IMailboxReader?> OpenMailboxAsync(DeviceAddress device, long cursor, CancellationToken cancellationToken) => Do<IMailboxReader?>(
        () =>
        {
            if (Active(device) is not { } found)
            {
                return null;
            }
            var reader = new MailboxReader(_mailboxes, found.Number, cursor, (position, bounds, token) => Do(() => Read(found, position, bounds), token));
            _mailboxes.Add(found.Number, reader);
            reader.Offer(found.State.Newest, null);
            return reader;
        },
        cancellationToken);

    private static MailboxPage Read(MemoryDevice device, long cursor, PageBounds bounds)
    {
        var envelopes = new List<StoredEnvelope>();
        long bytes = 0;
        foreach ((long sequence, StoredMessage message) in device.Mailbox.Where(item => item.Key > cursor).Take(Math.Max(1, bounds.Count)))
        {
            bytes += message.Payload.Bytes.Length;
            if (envelopes.Count > 0 && bytes > bounds.Bytes)
            {
                break;
            }
            envelopes.Add(new StoredEnvelope(sequence, message));
        }
        return new MailboxPage(envelopes, device.State);
    }

    private static int DropUpTo(MemoryDevice device, long end)
    {
        int dropped = 0;
        while (device.Mailbox.Count > 0 && device.Mailbox.GetKeyAtIndex(0) <= end)
        {
            device.Mailbox.RemoveAt(0);
            dropped++;
        }
        return dropped;
    }

    private SendResult Send(NewMessage message, long nowMs)
    {
        if (_groups.GetValueOrDefault(message.Group) is not { } group)
        {
            return new SendResult(SendStatus.GroupUnknown, 0, 0);
        }
        if (Active(message.Sender) is not { } sender)
        {
            return new SendResult(SendStatus.NotMember, 0, 0);
        }
        UInt128 digest = SentDigest.Of(message);
        if (group.Sent.TryGetValue(message.Id, out (UInt128 Digest, SendResult Result) sent))
        {
            return sent.Digest == digest ? sent.Result with { Status = SendStatus.AlreadyThere } : new SendResult(SendStatus.Conflict, 0, 0);
        }
        if (group.Window.Find(message.EntryHash) is not { } entry || !group.Window.Takes(entry))
        {
            return new SendResult(MayRead(group, sender) ? SendStatus.EpochStale : SendStatus.NotMember, 0, 0);
        }
        if (!Roster.Has(entry.Roster!, sender.Number))
        {
            return new SendResult(SendStatus.NotMember, 0, 0);
        }
        if (!IsThere(group, message.Payload))
        {
            return new SendResult(SendStatus.BlobUnknown, 0, 0);
        }
        var stored = new StoredMessage
        {
            Kind = message.Kind,
            Group = message.Group,
            EntryHash = message.EntryHash,
            Id = message.Id,
            Payload = message.Payload,
            TimeMs = nowMs,
        };
        var result = new SendResult(SendStatus.Stored, nowMs, Deliver(stored, entry.Roster!.Where(device => device != sender.Number)));
        group.Sent.Add(message.Id, (digest, result));
        return result;
    }

    private int Deliver(StoredMessage message, IEnumerable<int> devices)
    {
        int recipients = 0;
        foreach (MemoryDevice device in devices.Select(number => _numbered[number - 1]).Where(device => device.Listed is not null))
        {
            device.State = device.State with { Newest = device.State.Newest + 1 };
            device.Mailbox.Add(device.State.Newest, message);
            _mailboxes.Publish(device.Number, device.State.Newest, message);
            recipients++;
        }
        return recipients;
    }
}
