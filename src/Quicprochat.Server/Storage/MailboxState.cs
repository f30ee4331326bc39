namespace Quicprochat.Server.Storage;

/// <summary>How far a mailbox is.</summary>
/// <param name="Newest">The last sequence number given out; 0 before the first.</param>
/// <param name="Acknowledged">The highest number acknowledged.</param>
/// <param name="LostUpTo">The highest number that was dropped unread; 0 for none.</param>
internal readonly record struct MailboxState(long Newest, long Acknowledged, long LostUpTo);
