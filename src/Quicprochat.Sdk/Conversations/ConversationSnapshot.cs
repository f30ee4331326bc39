namespace Quicprochat.Sdk.Conversations;

/// <summary>What a <see cref="Conversation"/> shows. Made on the store's thread, read by anybody, never changed.</summary>
internal sealed record ConversationSnapshot
{
    public ConversationKind Kind { get; init; }

    public string Name { get; init; } = string.Empty;

    public ConversationStatus Status { get; init; }

    public ulong Epoch { get; init; }

    public ReadOnlyMemory<byte> EpochAuthenticator { get; init; }

    public string CipherSuite { get; init; } = string.Empty;

    /// <summary>The other account of a direct conversation.</summary>
    public string Peer { get; init; } = string.Empty;

    /// <summary>Accounts with their devices, sorted.</summary>
    public IReadOnlyList<(string Account, IReadOnlyList<DeviceId> Devices)> Members { get; init; } = [];

    /// <summary>Position of the last message.</summary>
    public long LastPosition { get; init; }

    public long ReadPosition { get; init; }

    public int Unread { get; init; }

    /// <summary>The log entry that began the epoch.</summary>
    public Google.Protobuf.ByteString BaseHash { get; init; } = Google.Protobuf.ByteString.Empty;

    public long CreatedMs { get; init; }
}
