namespace Quicprochat.Server.Storage;

/// <summary>What is known of a device that is on the newest list of its account.</summary>
internal sealed record DeviceRecord(DeviceAddress Address, ListedDevice Listed, MailboxState Mailbox);
