using Google.Protobuf;
using Quicprochat.Mls.Groups;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Sdk.Conversations;

/// <summary>From what is said to an MLS message.</summary>
internal static class Sending
{
    /// <summary>The group, if something may be said in it now.</summary>
    /// <exception cref="QpcException">This device is no member, or cannot use the keys, or a member's key changed.</exception>
    public static Group RequireGroup(ClientState client, StoreTransaction transaction, ConversationState state)
    {
        if (state.Row.Left)
        {
            throw new QpcException(QpcError.NotMember, "This device is not a member of the conversation.", "Ask a member for an invitation.");
        }
        if (!state.IsUsable || client.Groups.Find(transaction, state.GroupId) is not { } group)
        {
            throw new QpcException(QpcError.NotConnected, "The conversation has to be joined again first.", "It is joined again as soon as the server is reached.");
        }
        foreach (string account in state.Row.Accounts)
        {
            if (client.Contacts.TrustOf(account) == KeyTrust.Changed)
            {
                throw ContactBook.Changed(account);
            }
        }
        return group;
    }

    /// <summary>Encrypts, padded, with the id in the authenticated data.</summary>
    public static ByteString Protect(Group group, AppMessages messages, ByteString messageId)
    {
        byte[] plain = messages.ToByteArray();
        byte[] header = new MessageHeader { MessageId = messageId }.ToByteArray();
        return UnsafeByteOperations.UnsafeWrap(group.Protect(plain, new MessageOptions { AuthenticatedData = header, Padding = AppContent.PaddingFor(plain.Length) }));
    }
}
