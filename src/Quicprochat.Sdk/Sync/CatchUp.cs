using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Session;

namespace Quicprochat.Sdk.Sync;

/// <summary>Fetches the entries of a log that did not come by themselves.</summary>
internal sealed class CatchUp(ClientState client, ServerSession session, LogFollower follower)
{
    /// <summary>Takes the log up to its end.</summary>
    public async Task FollowAsync(ConversationId id, CancellationToken cancellationToken)
    {
        byte[] groupId = id.ToArray();
        while (true)
        {
            ulong next = await client.Store.ReadAsync(
                transaction => client.Conversations.Find(transaction, groupId) is { IsUsable: true } state ? state.Position.Index + 1 : 0, cancellationToken);
            if (next == 0)
            {
                return;
            }
            LogResponse page = await session.CallAsync(
                Methods.Log, new LogRequest { GroupId = Google.Protobuf.ByteString.CopyFrom(groupId), FromIndex = next }, cancellationToken);
            if (page.Entries.Count == 0)
            {
                return;
            }
            bool moved = false;
            foreach (LogEntry entry in page.Entries)
            {
                moved |= await TakeAsync(groupId, entry, cancellationToken) is EntryOutcome.Applied or EntryOutcome.Skipped;
            }
            if (!moved)
            {
                return;
            }
        }
    }

    /// <summary>Takes one entry.</summary>
    public async Task<EntryOutcome> TakeAsync(byte[] groupId, LogEntry entry, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? commit = await BlobTransfer.GetAsync(session, entry.Commit, cancellationToken);
        return await client.Store.WriteAsync(
            transaction => client.Conversations.Find(transaction, groupId) is { } state ? follower.Take(transaction, state, entry, commit) : EntryOutcome.Lost,
            cancellationToken);
    }
}
