namespace Quicprochat.Server.Storage;

/// <summary>A message in one mailbox.</summary>
internal readonly record struct StoredEnvelope(long Sequence, StoredMessage Message);
