using Google.Protobuf;
using Quicprochat.Mls;
using Quicprochat.Mls.Groups;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Conversations;

/// <summary>How a group becomes a conversation of this device.</summary>
internal static class Joining
{
    /// <summary>A group this device is in now, by whatever way; what was known of the conversation before goes on.</summary>
    public static ConversationState Enter(ClientState client, StoreTransaction transaction, Group group, (LogEntryView View, ConversationRow? Before) by)
    {
        ByteString groupId = ByteString.CopyFrom(group.GroupId.Span);
        ConversationRow row = by.Before?.Clone() ?? new ConversationRow { Id = groupId, GroupId = groupId, CreatedMs = client.NowMs };
        Describe(client, row, group);
        row.Left = false;
        row.Leaving = false;
        row.Renew = false;
        row.Unconfirmed = by.View.Body.External;
        row.RejoinReason = string.Empty;
        row.Departing.Clear();
        var position = new LogPositionRow
        {
            GroupId = groupId,
            Index = by.View.Body.Index,
            LastHash = by.View.Hash,
            BaseHash = by.View.Hash,
            Epoch = group.Epoch,
        };
        foreach (VerifiedMember member in client.Conversations.MembersOf(group))
        {
            client.Contacts.Observe(transaction, member);
        }
        ConversationState state = client.Conversations.Put(transaction, row, position);
        if (by.Before is null || by.Before.Left)
        {
            client.RaiseAfter(transaction, state, static conversation => new ConversationAdded(conversation));
        }
        return state;
    }

    /// <summary>What the group's context says of the conversation.</summary>
    private static void Describe(ClientState client, ConversationRow row, Group group)
    {
        if (!Info.TryRead(group.Extensions, out ConversationInfo? info))
        {
            info = new ConversationInfo();
        }
        row.Kind = info.Kind switch
        {
            ConversationInfo.Types.Kind.Direct => (uint)ConversationKind.Direct,
            ConversationInfo.Types.Kind.Group => (uint)ConversationKind.Group,
            ConversationInfo.Types.Kind.Notes => (uint)ConversationKind.Notes,
            _ => (uint)ConversationKind.Unknown,
        };
        row.Title = info.Kind == ConversationInfo.Types.Kind.Notes ? "notes" : row.Title;
        if (info.Kind == ConversationInfo.Types.Kind.Direct && row.Peer.Length == 0)
        {
            row.Peer = client.Conversations.MembersOf(group)
                .Select(static member => member.Account)
                .FirstOrDefault(account => !string.Equals(account, client.Device.Account, StringComparison.Ordinal)) ?? string.Empty;
        }
    }
}
