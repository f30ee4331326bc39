using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls;
using Quicprochat.Mls.Groups;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Conversations;

/// <summary>Takes log entries in their order, within transactions: applies what is valid, skips what is not (docs/protocol/groups.md).</summary>
internal sealed class LogFollower(ClientState client)
{
    /// <summary>An entry is not valid: to be told to the server. Called when that is on disk.</summary>
    public Action<ConversationId, ByteString> Invalid { get; set; } = static (_, _) => { };

    /// <summary>An own commit added somebody, who does not know yet what the conversation is called. Called in the transaction.</summary>
    public Action<StoreTransaction, ConversationState> Welcomed { get; set; } = static (_, _) => { };

    /// <summary>The group changed, or has to be joined again: somebody may have to do something. Called when that is on disk.</summary>
    public Action<ConversationId> Changed { get; set; } = static _ => { };

    /// <summary>Takes one entry with the commit that it names.</summary>
    public EntryOutcome Take(StoreTransaction transaction, ConversationState state, LogEntry entry, ReadOnlyMemory<byte>? commit)
    {
        if (!LogEntryView.TryRead(entry.Body, state.GroupId, out LogEntryView? view))
        {
            return EntryOutcome.Old;
        }
        if (view.Body.Index <= state.Position.Index)
        {
            return EntryOutcome.Old;
        }
        if (!state.IsUsable || client.Groups.Find(transaction, state.GroupId) is not { } group)
        {
            // Whoever joins again begins with a newer entry.
            return EntryOutcome.Lost;
        }
        if (view.Body.Index != state.Position.Index + 1)
        {
            return EntryOutcome.Gap;
        }
        if (!view.Body.Follows.Equals(state.Position.LastHash))
        {
            return Lose(transaction, state, "the server's log is not the one it was");
        }
        if (transaction.PendingCommits.Find(state.GroupId) is { } pending && pending.Body.Equals(view.Bytes))
        {
            Confirm(transaction, state, group, view);
            return EntryOutcome.Applied;
        }
        state.Position.Index = view.Body.Index;
        state.Position.LastHash = view.Hash;
        if (!view.Body.Base.Equals(state.Position.BaseHash))
        {
            if (state.Row.Unconfirmed && !client.Device.Is(entry.Submitter))
            {
                // Whoever made this knows of our return and builds on something else: the state we came back to was not the members'.
                return Lose(transaction, state, "the others did not take this device's return");
            }
            return Skip(transaction, state, view, "it was made in an epoch that is not this one", report: false);
        }
        return Judge(transaction, state, group, (view, entry, commit));
    }

    /// <summary>The own commit is in the log.</summary>
    public void Confirm(StoreTransaction transaction, ConversationState state, Group group, LogEntryView view)
    {
        byte[] authenticator = group.EpochAuthenticator;
        HashSet<string> before = AccountsOf(group);
        state.Position.Index = view.Body.Index;
        state.Position.LastHash = view.Hash;
        transaction.PendingCommits.Delete(state.GroupId);
        EpochChange change = group.ConfirmCommit(client.NowSeconds);
        state.Advance(view.Hash, group.Epoch, authenticator);
        Settle(transaction, state, group, change, before);
        if (change.Added.Count > 0)
        {
            Welcomed(transaction, state);
        }
    }

    /// <summary>Notes that this device has to join again.</summary>
    public EntryOutcome Lose(StoreTransaction transaction, ConversationState state, string reason)
    {
        if (state.Row.RejoinReason.Length == 0)
        {
            state.Row.RejoinReason = reason;
            client.Conversations.Save(transaction, state, membersChanged: false);
            ConversationId id = state.Id;
            transaction.OnCommit(() => Changed(id));
        }
        return EntryOutcome.Lost;
    }

    /// <summary>This device is a member no more. The history stays, the keys go.</summary>
    public void Leave(StoreTransaction transaction, ConversationState state, string by)
    {
        client.Groups.Find(transaction, state.GroupId)?.Delete();
        client.Groups.Drop(state.GroupId);
        transaction.PendingCommits.Delete(state.GroupId);
        state.Row.Left = true;
        state.Row.Leaving = false;
        state.Row.RejoinReason = string.Empty;
        state.Row.Departing.Clear();
        client.Conversations.Save(transaction, state, membersChanged: true);
        client.RaiseAfter(transaction, state, conversation => new ConversationLeft(conversation, by));
        ConversationId id = state.Id;
        transaction.OnCommit(() => Changed(id));
    }

    private EntryOutcome Judge(
        StoreTransaction transaction, ConversationState state, Group group, (LogEntryView View, LogEntry Entry, ReadOnlyMemory<byte>? Commit) item)
    {
        LogEntryBody body = item.View.Body;
        if (body.Epoch != group.Epoch || item.Commit is not { } commit || !SHA256.HashData(commit.Span).AsSpan().SequenceEqual(body.CommitHash.Span))
        {
            return Skip(transaction, state, item.View, "the commit is not the one it names", report: true);
        }
        StagedCommit staged;
        try
        {
            staged = group.Stage(commit.Span, client.NowSeconds);
        }
        catch (MlsException e) when (e.Code == MlsErrorCode.CommitOfOtherSelf)
        {
            // This very device made it, and does not remember: an older copy of the store, or another process with the same one.
            return Lose(transaction, state, "this device made a commit that its store does not know");
        }
        catch (MlsException e)
        {
            client.Logger.LogDebug(e, "A commit is skipped");
            return Skip(transaction, state, item.View, e.Message, report: true);
        }
        if (EntryRules.Check(client, group, staged, body) is { } broken)
        {
            return Skip(transaction, state, item.View, broken, report: true);
        }
        if (staged.Change.RemovedSelf && body.External)
        {
            return Lose(transaction, state, "this device came back, and does not remember");
        }
        return Merge(transaction, state, group, (item.View, staged));
    }

    private EntryOutcome Merge(StoreTransaction transaction, ConversationState state, Group group, (LogEntryView View, StagedCommit Staged) item)
    {
        byte[] authenticator = group.EpochAuthenticator;
        HashSet<string> before = AccountsOf(group);
        string by = CommitterOf(group, item.Staged.Change);
        EpochChange change = group.Merge(item.Staged, client.NowSeconds).Change;
        transaction.PendingCommits.Delete(state.GroupId);
        if (change.RemovedSelf)
        {
            client.Groups.Drop(state.GroupId);
            Leave(transaction, state, by);
            return EntryOutcome.Removed;
        }
        state.Row.Unconfirmed = false;
        state.Advance(item.View.Hash, group.Epoch, authenticator);
        Settle(transaction, state, group, change, before);
        return EntryOutcome.Applied;
    }

    /// <summary>What follows from a new epoch.</summary>
    private void Settle(StoreTransaction transaction, ConversationState state, Group group, EpochChange change, HashSet<string> before)
    {
        foreach (Member member in change.Added.Concat(change.Updated))
        {
            if (client.Directory.TryIdentify(member.Credential, out VerifiedMember? verified))
            {
                client.Contacts.Observe(transaction, verified);
            }
        }
        HashSet<string> after = AccountsOf(group);
        HashSet<(string, DeviceId)> members = [.. client.Conversations.MembersOf(group).Select(static member => (member.Account, member.Device))];
        List<RosterDevice> departing = [.. state.Row.Departing.Where(item => DeviceId.TryFrom(item.DeviceId.Span, out DeviceId id) && members.Contains((item.Account, id)))];
        state.Row.Departing.Clear();
        state.Row.Departing.Add(departing);
        if (change.CommitterLeaf == group.OwnLeafIndex)
        {
            state.Row.Renew = false;
        }
        client.Conversations.Save(transaction, state, membersChanged: true);
        string by = CommitterOf(group, change);
        ulong epoch = group.Epoch;
        List<string> joined = [.. after.Except(before).Order(StringComparer.Ordinal)];
        List<string> left = [.. before.Except(after).Order(StringComparer.Ordinal)];
        client.RaiseAfter(transaction, state, conversation => new MembersChanged(conversation, epoch, by, joined, left));
        ConversationId id = state.Id;
        transaction.OnCommit(() => Changed(id));
    }

    private EntryOutcome Skip(StoreTransaction transaction, ConversationState state, LogEntryView view, string reason, bool report)
    {
        ConversationBook.SavePosition(transaction, state);
        ulong index = view.Body.Index;
        client.RaiseAfter(transaction, state, conversation => new EntrySkipped(conversation, index, reason));
        if (report)
        {
            (ConversationId id, ByteString hash) = (state.Id, view.Hash);
            transaction.OnCommit(() => Invalid(id, hash));
        }
        return EntryOutcome.Skipped;
    }

    private HashSet<string> AccountsOf(Group group) => new(client.Conversations.MembersOf(group).Select(static member => member.Account), StringComparer.Ordinal);

    private string CommitterOf(Group group, EpochChange change)
    {
        Member? member = change.Committer.Type == Quicprochat.Mls.Framing.SenderType.Member ? group.FindMember(change.Committer.Index)
            : change.Added.Count > 0 ? change.Added[0] : null;
        return member is { } found && client.Directory.TryIdentify(found.Credential, out VerifiedMember? verified) ? verified.Account : string.Empty;
    }
}
