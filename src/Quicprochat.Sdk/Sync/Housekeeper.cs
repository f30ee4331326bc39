using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls.Groups;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Sync;

/// <summary>
/// What has to be done in a conversation without anybody asking: joining again, removing devices that left or were revoked, adding the account's own new devices, renewing keys
/// that came from a last resort. Members that see the same take their time after their place in the tree, so that mostly one of them acts.
/// </summary>
internal sealed class Housekeeper(ClientState client, ServerSession session, Committer committer, Rejoiner rejoiner, KeyPackageFetch keyPackages)
{
    /// <summary>Records of this kind name groups whose roster has this device, and of which the store knows nothing.</summary>
    public const string UnknownGroupKind = "unknown group";

    private const int RankDelayMs = 250;
    private const int RankDelayMsMax = 5_000;
    private const int RefreshesMax = 64;
    private static readonly TimeSpan _awaitDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _awaitDelayMax = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<ConversationId, Tending> _tended = [];

    /// <summary>Follows a log; a device that left it will be told that it left.</summary>
    public required LogFollower Follower { get; init; }

    public required EnvelopeReader Reader { get; init; }

    /// <summary>Looks after a conversation; whoever does already looks once more.</summary>
    public void Wake(ConversationId id)
    {
        lock (_lock)
        {
            if (_tended.TryGetValue(id, out Tending? tending))
            {
                tending.Again.TrySetResult();
            }
            else if (session.State == ConnectionState.Connected)
            {
                tending = new Tending();
                _tended.Add(id, tending);
                _ = client.RunAsync(() => TidyAsync(id, tending));
            }
        }
    }

    /// <summary>Looks after everything: there is a connection.</summary>
    public async Task WakeAllAsync(CancellationToken cancellationToken)
    {
        List<ConversationId> ids = await client.Store.ReadAsync(
            static transaction => transaction.Conversations.List().Select(static row => row.GroupId)
                .Concat(transaction.Records.List(UnknownGroupKind).Select(static record => ByteString.CopyFrom(record.Key.Span)))
                .Select(static group => ConversationId.From(group.Span))
                .ToList(),
            cancellationToken);
        ids.ForEach(Wake);
    }

    /// <summary>The caller holds the conversation's turn: when this returns, the group's keys can be used.</summary>
    public async Task EnsureUsableAsync(ConversationId id, CancellationToken cancellationToken)
    {
        byte[] groupId = id.ToArray();
        string? reason = await client.Store.ReadAsync(
            transaction => client.Conversations.Find(transaction, groupId) is { } state
                ? state.Row.RejoinReason.Length > 0 ? state.Row.RejoinReason : null
                : transaction.Records.Find(UnknownGroupKind, groupId) is { } text ? System.Text.Encoding.UTF8.GetString(text) : null,
            cancellationToken);
        if (reason is not null)
        {
            await RejoinAsync(id, reason, cancellationToken);
        }
    }

    /// <summary>Joins again, whatever the reason. The caller holds the turn.</summary>
    public async Task RejoinAsync(ConversationId id, string reason, CancellationToken cancellationToken)
    {
        byte[] groupId = id.ToArray();
        try
        {
            await rejoiner.RejoinAsync(id, reason, cancellationToken);
        }
        catch (RpcException e) when (e.Code is ErrorCodes.GroupUnknown or ErrorCodes.GroupNotMember)
        {
            await client.Store.WriteAsync(
                transaction =>
                {
                    if (client.Conversations.Find(transaction, groupId) is { Row.Left: false } state)
                    {
                        Follower.Leave(transaction, state, string.Empty);
                    }
                    transaction.Records.Delete(UnknownGroupKind, groupId);
                },
                cancellationToken);
            throw Problems.ExplainAll(e);
        }
        await client.Store.WriteAsync(transaction => transaction.Records.Delete(UnknownGroupKind, groupId), cancellationToken);
    }

    /// <summary>An account may have a new list: devices that are no longer on it are to go, own new ones to come.</summary>
    public async Task RefreshAsync(string account, CancellationToken cancellationToken)
    {
        VerifiedDeviceList list = await client.Contacts.RefreshAsync(session, account, cancellationToken);
        List<ConversationId> touched = await client.Store.WriteAsync(
            transaction =>
            {
                var ids = new List<ConversationId>();
                foreach (ConversationRow row in transaction.Conversations.List())
                {
                    if (client.Conversations.Find(transaction, row.GroupId.Span) is { IsUsable: true } state
                        && client.Groups.Find(transaction, state.GroupId) is { } group
                        && state.Row.Accounts.Contains(account))
                    {
                        Reader.Depart(transaction, state, client.Conversations.MembersOf(group).Where(
                            member => string.Equals(member.Account, account, StringComparison.Ordinal) && list.Find(member.Device) is null));
                        ids.Add(state.Id);
                    }
                }
                return ids;
            },
            cancellationToken);
        touched.ForEach(Wake);
    }

    /// <summary>Looks for accounts whose devices changed while this one was away: some with every connection, drawn at random.</summary>
    public async Task RefreshSomeAsync(CancellationToken cancellationToken)
    {
        List<string> accounts = [.. client.Conversations.Shown
            .Where(static conversation => conversation.Status == ConversationStatus.Active)
            .SelectMany(static conversation => conversation.OtherAccounts())
            .Distinct(StringComparer.Ordinal)
            .OrderBy(_ => client.NextDouble())
            .Take(RefreshesMax)];
        foreach (string account in accounts)
        {
            try
            {
                await RefreshAsync(account, cancellationToken);
            }
            catch (QpcException e)
            {
                // Of another key than before the user has been told.
                client.Logger.LogDebug(e, "A device list cannot be followed");
            }
        }
    }

    private async Task TidyAsync(ConversationId id, Tending tending)
    {
        bool more = true;
        while (more)
        {
            lock (_lock)
            {
                tending.Again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            try
            {
                while (await DoNextAsync(id, tending))
                {
                }
            }
            catch (Exception e)
            {
                // What remains is done with the next event or connection.
                client.Logger.LogDebug(e, "Looking after a conversation is put off");
            }
            lock (_lock)
            {
                more = tending.Again.Task.IsCompleted && session.State == ConnectionState.Connected;
                if (!more)
                {
                    _tended.Remove(id);
                }
            }
        }
    }

    /// <summary>Does one thing; false when nothing is left.</summary>
    private async Task<bool> DoNextAsync(ConversationId id, Tending tending)
    {
        Chore chore = await client.Store.ReadAsync(transaction => Look(transaction, id.ToArray()));
        switch (chore.Kind)
        {
            case ChoreKind.Rejoin:
                using (await committer.TakeTurnAsync(id, CancellationToken.None))
                {
                    await EnsureUsableAsync(id, CancellationToken.None);
                }
                return true;
            case ChoreKind.Remove:
                await WaitForTurnAsync(chore);
                HashSet<(string, DeviceId)> devices = [.. chore.Devices];
                await committer.RunAsync(id, Intention.Remove(member => devices.Contains((member.Account, member.Device))), CancellationToken.None);
                return true;
            case ChoreKind.Add:
                await WaitForTurnAsync(chore);
                return await AddOwnAsync(id, [.. chore.Devices.Select(static device => device.Device)], tending);
            case ChoreKind.Renew:
                await committer.RunAsync(id, Intention.UpdateKeys(), CancellationToken.None);
                return true;
            default:
                return false;
        }
    }

    private Task WaitForTurnAsync(Chore chore) => chore.Rank == 0
        ? Task.CompletedTask
        : Task.Delay(TimeSpan.FromMilliseconds(Math.Min(RankDelayMsMax, chore.Rank * RankDelayMs) + (client.NextDouble() * RankDelayMs)), client.Options.TimeProvider);

    /// <summary>A new device of the own account has no key packages until it connects for the first time; until then it is asked about less and less often.</summary>
    private async Task<bool> AddOwnAsync(ConversationId id, List<DeviceId> devices, Tending tending)
    {
        var found = await keyPackages.FetchAsync(client.Device.Account, devices, CancellationToken.None);
        if (found.Count > 0)
        {
            tending.Delay = _awaitDelay;
            await committer.RunAsync(id, Intention.Add(found), CancellationToken.None);
            return true;
        }
        await Task.WhenAny(tending.Again.Task, Task.Delay(tending.Delay, client.Options.TimeProvider));
        tending.Delay = tending.Delay * 2 < _awaitDelayMax ? tending.Delay * 2 : _awaitDelayMax;
        return session.State == ConnectionState.Connected;
    }

    private Chore Look(Store.StoreTransaction transaction, byte[] groupId)
    {
        if (client.Conversations.Find(transaction, groupId) is not { } state)
        {
            return transaction.Records.Find(UnknownGroupKind, groupId) is null ? Chore.None : new Chore(ChoreKind.Rejoin, [], 0);
        }
        if (state.Row.Left)
        {
            return Chore.None;
        }
        if (!state.IsUsable)
        {
            return new Chore(ChoreKind.Rejoin, [], 0);
        }
        if (client.Groups.Find(transaction, state.GroupId) is not { } group)
        {
            return Chore.None;
        }
        List<(string Account, DeviceId Device)> members = [.. client.Conversations.MembersOf(group).Select(static member => (member.Account, member.Device))];
        List<(string Account, DeviceId Device)> departing = [.. Departing(state).Where(members.Contains)];
        (string, DeviceId) self = (client.Device.Account, client.Device.Id);
        if (departing.Exists(device => device != self) && !departing.Contains(self))
        {
            departing.Remove(self);
            int rank = members.Except(departing).TakeWhile(device => device != self).Count();
            return new Chore(ChoreKind.Remove, departing, rank);
        }
        List<(string, DeviceId)> missing =
        [
            .. client.Device.List.Devices
                .Select(device => (client.Device.Account, device.Id))
                .Where(device => device != self && !members.Contains(device) && !state.Row.Leaving),
        ];
        if (missing.Count > 0)
        {
            int rank = members.Where(device => string.Equals(device.Account, client.Device.Account, StringComparison.Ordinal)).TakeWhile(device => device != self).Count();
            return new Chore(ChoreKind.Add, missing, rank);
        }
        return state.Row.Renew ? new Chore(ChoreKind.Renew, [], 0) : Chore.None;
    }

    private static IEnumerable<(string Account, DeviceId Device)> Departing(ConversationState state)
    {
        foreach (RosterDevice item in state.Row.Departing)
        {
            if (DeviceId.TryFrom(item.DeviceId.Span, out DeviceId device))
            {
                yield return (item.Account, device);
            }
        }
    }

    private enum ChoreKind
    {
        None,
        Rejoin,
        Remove,
        Add,
        Renew,
    }

    /// <summary>Something to do.</summary>
    private sealed record Chore(ChoreKind Kind, IReadOnlyList<(string Account, DeviceId Device)> Devices, int Rank)
    {
        public static Chore None { get; } = new(ChoreKind.None, [], 0);
    }

    /// <summary>Somebody looks after a conversation.</summary>
    private sealed class Tending
    {
        /// <summary>Completed when there may be something new.</summary>
        public TaskCompletionSource Again { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TimeSpan Delay { get; set; } = _awaitDelay;
    }
}
