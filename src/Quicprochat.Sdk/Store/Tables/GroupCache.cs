using Quicprochat.Mls.Groups;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>
/// Groups in memory, never ahead of the store: a group that was used in a transaction that is undone is dropped, and read again the next time.
/// Used only within transactions, on the store's thread.
/// </summary>
internal sealed class GroupCache(MlsClient client)
{
    private readonly Dictionary<string, Group> _groups = [];

    /// <summary>How many groups are in memory.</summary>
    public int Count => _groups.Count;

    /// <summary>The group as this transaction sees it; null when there is none. It may be changed.</summary>
    public Group? Find(StoreTransaction transaction, ReadOnlySpan<byte> groupId)
    {
        string name = Convert.ToHexString(groupId);
        if (!_groups.TryGetValue(name, out Group? group))
        {
            group = Group.TryLoad(client, groupId);
            if (group is null)
            {
                return null;
            }
            _groups.Add(name, group);
        }
        Watch(transaction, name);
        return group;
    }

    /// <summary>Takes a group that was made or joined in this transaction.</summary>
    public void Add(StoreTransaction transaction, Group group)
    {
        string name = Convert.ToHexString(group.GroupId.Span);
        _groups[name] = group;
        Watch(transaction, name);
    }

    /// <summary>Lets a group go from memory; it stays in the store unless it was deleted there.</summary>
    public void Drop(ReadOnlySpan<byte> groupId) => _groups.Remove(Convert.ToHexString(groupId));

    private void Watch(StoreTransaction transaction, string name) => transaction.OnRollback(() => _groups.Remove(name));
}
