using Quicprochat.Server.Storage.Rules;

namespace Quicprochat.Server.Storage.Memory;

/// <summary>A group.</summary>
/// <param name="window">The end of its log.</param>
internal sealed class MemoryGroup(GroupWindow window)
{
    /// <summary>The end of its log.</summary>
    public GroupWindow Window { get; } = window;

    /// <summary>The log by index.</summary>
    public SortedList<long, StoredEntry> Log { get; } = [];

    /// <summary>GroupInfos by index.</summary>
    public Dictionary<long, StoredPayload> GroupInfos { get; } = [];

    /// <summary>When entries left the window, by index.</summary>
    public Dictionary<long, long> LeftMs { get; } = [];

    /// <summary>What was sent: digest, time and recipients.</summary>
    public Dictionary<MessageId, (UInt128 Digest, SendResult Result)> Sent { get; } = [];

    /// <summary>Blobs.</summary>
    public Dictionary<Digest, MemoryBlob> Blobs { get; } = [];
}
