using Google.Protobuf;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Sdk.Conversations;

/// <summary>What a group is called: said by a message, because everything in the group's context is read by the server.</summary>
internal static class GroupName
{
    /// <summary>Takes a name, of this device or another one, unless a later one is known. Does nothing for other messages.</summary>
    public static void Take(ClientState client, StoreTransaction transaction, ConversationState state, AppMessage message, string by)
    {
        if (message.BodyCase != AppMessage.BodyOneofCase.Naming
            || state.Row.Kind != (uint)ConversationKind.Group
            || !MessageId.TryFrom(message.Naming.Version.Span, out MessageId version)
            || (MessageId.TryFrom(state.Row.TitleVersion.Span, out MessageId known) && known >= version)
            || message.Naming.Name.Length is 0 or > Wire.NameMax
            || message.Naming.Name.Any(char.IsControl))
        {
            return;
        }
        string name = message.Naming.Name;
        state.Row.Title = name;
        state.Row.TitleVersion = message.Naming.Version;
        client.Conversations.Save(transaction, state, membersChanged: false);
        client.RaiseAfter(transaction, state, conversation => new ConversationRenamed(conversation, name, by));
    }

    /// <summary>A new name.</summary>
    public static AppMessage Make(ClientState client, string name)
    {
        ByteString id = ByteString.CopyFrom(client.Ids.Next().ToArray());
        return new AppMessage { Id = id, SentMs = (ulong)client.NowMs, Naming = new Naming { Name = name, Version = id } };
    }

    /// <summary>The name there is, for somebody who comes in; null when there is none.</summary>
    public static AppMessage? Repeat(ClientState client, ConversationState state) => state.Row.TitleVersion.IsEmpty ? null : new AppMessage
    {
        Id = ByteString.CopyFrom(client.Ids.Next().ToArray()),
        SentMs = (ulong)client.NowMs,
        Naming = new Naming { Name = state.Row.Title, Version = state.Row.TitleVersion },
    };
}
