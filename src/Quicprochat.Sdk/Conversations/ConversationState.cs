using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Conversations;

/// <summary>A conversation as the store has it. Touched only within transactions, on the store's thread.</summary>
internal sealed class ConversationState(ConversationRow row, LogPositionRow position)
{
    /// <summary>Entries kept of epochs that are over: as many as the server takes messages of, and one more.</summary>
    private const int PastMax = 6;

    public ConversationRow Row { get; } = row;

    public LogPositionRow Position { get; } = position;

    public ReadOnlySpan<byte> GroupId => Row.GroupId.Span;

    public ConversationId Id => ConversationId.From(Row.Id.Span);

    /// <summary>True when this device can use the group's keys.</summary>
    public bool IsUsable => !Row.Left && Row.RejoinReason.Length == 0;

    /// <summary>True when the entry began the present epoch, or a past one that is kept.</summary>
    public bool Knows(Google.Protobuf.ByteString entryHash) => Position.BaseHash.Equals(entryHash) || Position.Past.Any(past => past.Hash.Equals(entryHash));

    /// <summary>An entry was valid: its epoch is the present one.</summary>
    public void Advance(Google.Protobuf.ByteString entryHash, ulong epoch, byte[] authenticatorBefore)
    {
        if (Position.BaseHash.Length > 0)
        {
            Position.Past.Add(new PastEntry
            {
                Hash = Position.BaseHash,
                Epoch = Position.Epoch,
                Authenticator = Google.Protobuf.ByteString.CopyFrom(authenticatorBefore),
            });
        }
        while (Position.Past.Count > PastMax)
        {
            Position.Past.RemoveAt(0);
        }
        Position.BaseHash = entryHash;
        Position.Epoch = epoch;
    }
}
