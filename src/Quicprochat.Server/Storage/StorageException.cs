namespace Quicprochat.Server.Storage;

/// <summary>The store cannot do its work; the message says what to do about it.</summary>
internal sealed class StorageException(StorageFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public StorageFault Fault { get; } = fault;
}
