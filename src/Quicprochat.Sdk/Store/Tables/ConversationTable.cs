using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>The conversations, found by their id or by any group that ever carried them.</summary>
internal sealed class ConversationTable(RowTable<ConversationRow> rows, SealedMap groups)
{
    /// <summary>Stores a conversation in the place of the one with the same id.</summary>
    public void Put(ConversationRow row)
    {
        rows.Put(row);
        if (!row.GroupId.IsEmpty)
        {
            groups.Put(default, row.GroupId.Span, row.Id.Span);
        }
    }

    /// <summary>The conversation; null when there is none.</summary>
    public ConversationRow? Find(ReadOnlySpan<byte> id) => rows.Find(id);

    /// <summary>The conversation that a group carries or once carried; null when there is none.</summary>
    public ConversationRow? FindByGroup(ReadOnlySpan<byte> groupId) => groups.Find(default, groupId) is { } id ? rows.Find(id) : null;

    /// <summary>False when there was none. Its messages are left: see <see cref="MessageTable.DeleteAll"/>.</summary>
    public bool Delete(ReadOnlySpan<byte> id) => rows.Delete(id);

    /// <summary>All conversations, in no order that means something.</summary>
    public IReadOnlyList<ConversationRow> List() => rows.List();
}
