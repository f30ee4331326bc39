namespace Quicprochat.Server.Storage;

/// <summary>Messages and mailboxes.</summary>
internal interface IMailboxStore
{
    /// <summary>Stores a message once, and a pointer for each recipient.</summary>
    ValueTask<SendResult> SendAsync(NewMessage message, long nowMs, CancellationToken cancellationToken);

    /// <summary>What is behind the cursor. An unknown device has an empty mailbox.</summary>
    ValueTask<MailboxPage> ReadMailboxAsync(DeviceAddress device, long cursor, PageBounds bounds, CancellationToken cancellationToken);

    /// <summary>Drops everything up to a number (at most the newest); payloads go with their last pointer. False when there is no such device.</summary>
    ValueTask<bool> AcknowledgeAsync(DeviceAddress device, long upTo, CancellationToken cancellationToken);

    /// <summary>Reads onward from a cursor and waits at the end; null when there is no such device. Many readers of one mailbox may be open.</summary>
    ValueTask<IMailboxReader?> OpenMailboxAsync(DeviceAddress device, long cursor, CancellationToken cancellationToken);
}
