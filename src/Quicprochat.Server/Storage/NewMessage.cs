using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Server.Storage;

/// <summary>An application message or proposal that is to be stored for the others on the roster after an entry.</summary>
internal sealed record NewMessage
{
    /// <summary>The group.</summary>
    public required GroupId Group { get; init; }

    /// <summary>The entry that began the message's epoch.</summary>
    public required Digest EntryHash { get; init; }

    /// <summary>Application or proposal.</summary>
    public required EnvelopeKind Kind { get; init; }

    /// <summary>Its id, unique in the group.</summary>
    public required MessageId Id { get; init; }

    /// <summary>The MLSMessage.</summary>
    public required StoredPayload Payload { get; init; }

    /// <summary>Who sends it; that is checked, and not kept.</summary>
    public required DeviceAddress Sender { get; init; }
}
