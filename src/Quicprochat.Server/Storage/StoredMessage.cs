using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Server.Storage;

/// <summary>What lies in mailboxes, one object for all recipients.</summary>
internal sealed record StoredMessage
{
    /// <summary>What it is.</summary>
    public required EnvelopeKind Kind { get; init; }

    /// <summary>The group.</summary>
    public required GroupId Group { get; init; }

    /// <summary>The entry that began its epoch; for a commit or Welcome the entry itself.</summary>
    public required Digest EntryHash { get; init; }

    /// <summary>The sender's id; null for commits and Welcomes.</summary>
    public required MessageId? Id { get; init; }

    /// <summary>The MLSMessage.</summary>
    public required StoredPayload Payload { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long TimeMs { get; init; }

    /// <summary>With a commit or Welcome; its own commit is absent, being the payload or of no use.</summary>
    public StoredEntry? Entry { get; init; }
}
