using Google.Protobuf;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Conversations;

/// <summary>Between messages and the rows of the history.</summary>
internal static class MessageStoring
{
    /// <summary>A message of this very device.</summary>
    public static void AddOwn(ClientState client, StoreTransaction transaction, ConversationState state, AppMessage message, ulong epoch)
    {
        if (AppContent.IsKept(message))
        {
            var row = new MessageRow
            {
                ConversationId = state.Row.Id,
                MessageId = message.Id,
                Sender = client.Device.Account,
                SenderDevice = ByteString.CopyFrom(client.Device.Id.ToArray()),
                SentMs = (long)message.SentMs,
                ReceivedMs = client.NowMs,
                Body = message.ToByteString(),
                State = (uint)MessageState.Sent,
                Epoch = epoch,
                GroupId = state.Row.GroupId,
            };
            transaction.Messages.TryAdd(row);
            client.Conversations.NoteMessage(transaction, state, row.Number, unread: false);
        }
    }

    /// <summary>A message that came; false when it is in the history already.</summary>
    public static bool TryAddReceived(
        ClientState client, StoreTransaction transaction, ConversationState state, (VerifiedMember Sender, AppMessage Message, ulong Epoch, ulong TimeMs) received)
    {
        bool own = string.Equals(received.Sender.Account, client.Device.Account, StringComparison.Ordinal);
        var row = new MessageRow
        {
            ConversationId = state.Row.Id,
            MessageId = received.Message.Id,
            Sender = received.Sender.Account,
            SenderDevice = ByteString.CopyFrom(received.Sender.Device.ToArray()),
            SentMs = (long)Math.Min(received.Message.SentMs, long.MaxValue),
            ReceivedMs = (long)Math.Min(received.TimeMs, long.MaxValue),
            Body = received.Message.ToByteString(),
            State = (uint)(own ? MessageState.Sent : MessageState.Received),
            Epoch = received.Epoch,
            GroupId = state.Row.GroupId,
        };
        if (!transaction.Messages.TryAdd(row))
        {
            return false;
        }
        client.Conversations.NoteMessage(transaction, state, row.Number, unread: !own);
        ChatMessage message = ToMessage(client, row, null);
        client.RaiseAfter(transaction, state, conversation => new MessageReceived(conversation, message));
        return true;
    }

    /// <summary>Notes that an own message will never be sent.</summary>
    public static void Fail(StoreTransaction transaction, byte[] conversationId, MessageId message)
    {
        if (transaction.Messages.Find(conversationId, message.ToArray()) is { } row)
        {
            row.State = (uint)MessageState.Failed;
            transaction.Messages.Update(row);
        }
    }

    /// <summary>A row as the API shows it. How far an own message has come is known better by others than by the row.</summary>
    public static ChatMessage ToMessage(ClientState client, MessageRow row, Func<MessageRow, MessageState>? stateOf)
    {
        AppMessage message = AppMessage.Parser.ParseFrom(row.Body);
        bool own = string.Equals(row.Sender, client.Device.Account, StringComparison.Ordinal);
        DeviceId.TryFrom(row.SenderDevice.Span, out DeviceId device);
        long time = own && device == client.Device.Id ? row.SentMs : row.ReceivedMs;
        return new ChatMessage
        {
            Id = MessageId.From(row.MessageId.Span),
            Conversation = ConversationId.From(row.ConversationId.Span),
            Position = row.Number,
            Sender = row.Sender,
            SenderDevice = device,
            IsOwn = own,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(time, 0, 253_402_300_799_999)),
            Epoch = row.Epoch,
            Content = AppContent.FromWire(message),
            State = own && stateOf is not null ? stateOf(row) : (MessageState)row.State,
        };
    }
}
