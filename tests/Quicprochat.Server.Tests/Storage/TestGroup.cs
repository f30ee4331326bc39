using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Storage;

/// <summary>A group as an honest member sees it: the last entry of its log, and the last valid one.</summary>
internal sealed class TestGroup
{
    private readonly StoreWorld _world;

    private TestGroup(StoreWorld world, NewEntry first)
    {
        _world = world;
        Id = first.Group;
        Last = Valid = first;
    }

    public GroupId Id { get; }

    public NewEntry Last { get; private set; }

    public NewEntry Valid { get; private set; }

    public long Epoch { get; private set; }

    public static TestGroup Of(StoreWorld world, DeviceAddress creator)
    {
        byte[] body = world.Bytes(80);
        return new TestGroup(world, new NewEntry
        {
            Group = new GroupId(world.Bytes(16)),
            Index = 0,
            Follows = null,
            Base = null,
            Epoch = 0,
            CommitHash = null,
            Added = [creator],
            Body = body,
            Hash = LogEntryHash.Of(body),
            GroupInfo = StoredPayload.Inline(world.Bytes(50)),
            Submitter = creator,
        });
    }

    /// <summary>The next entry, built on the last valid one.</summary>
    public NewEntry Next(DeviceAddress by, DeviceAddress[]? added = null, DeviceAddress[]? removed = null)
    {
        byte[] body = _world.Bytes(80);
        byte[] commit = _world.Bytes(120);
        return new NewEntry
        {
            Group = Id,
            Index = Last.Index + 1,
            Follows = Last.Hash,
            Base = Valid.Hash,
            Epoch = Epoch,
            CommitHash = Digest.Of(commit),
            Added = added ?? [],
            Removed = removed ?? [],
            Body = body,
            Hash = LogEntryHash.Of(body),
            Commit = StoredPayload.Inline(commit),
            Welcome = added is null ? default : StoredPayload.Inline(_world.Bytes(90)),
            GroupInfo = StoredPayload.Inline(_world.Bytes(50)),
            Submitter = by,
        };
    }

    /// <summary>The entry was accepted and is valid.</summary>
    public void Merge(NewEntry entry)
    {
        Last = Valid = entry;
        Epoch = entry.Epoch + 1;
    }

    /// <summary>The entry was accepted and is garbage.</summary>
    public void Skip(NewEntry entry) => Last = entry;
}
