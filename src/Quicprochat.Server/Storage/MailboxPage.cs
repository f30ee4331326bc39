namespace Quicprochat.Server.Storage;

/// <summary>A stretch of a mailbox, in order, and how far the mailbox is.</summary>
internal sealed record MailboxPage(IReadOnlyList<StoredEnvelope> Envelopes, MailboxState State);
