namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>A blob as the database has it.</summary>
internal sealed record BlobRow(long Id, long Length, long Received, bool IsComplete)
{
    /// <summary>How much is there.</summary>
    public BlobProgress Progress => new(Received, Length, IsComplete);

    /// <summary>Its number, if all bytes are there and nobody compared the hash.</summary>
    public long? Unchecked => Received == Length && !IsComplete ? Id : null;
}
