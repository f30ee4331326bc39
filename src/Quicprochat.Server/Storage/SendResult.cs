namespace Quicprochat.Server.Storage;

/// <summary>How sending ended; time (Unix milliseconds) and recipients only where it is stored.</summary>
internal readonly record struct SendResult(SendStatus Status, long TimeMs, int Recipients);
