using Google.Protobuf;
using Quicprochat.Sdk.Messages;
using Text = Quicprochat.Sdk.Messages.Text;

namespace Quicprochat.Sdk.Conversations;

/// <summary>Between what the API calls content and what travels (docs/protocol/messages.md).</summary>
internal static class AppContent
{
    /// <summary>The smallest size that a message is padded to.</summary>
    private const int BucketMin = 256;

    public static AppMessage ToWire(MessageContent content, MessageId id, long sentMs)
    {
        var message = new AppMessage { Id = ByteString.CopyFrom(id.ToArray()), SentMs = (ulong)Math.Max(0, sentMs) };
        switch (content)
        {
            case TextContent text:
                message.Text = new Text { Text_ = text.Text };
                break;
            case ReplyContent reply:
                message.Reply = new Reply { To = Bytes(reply.To), Text = reply.Text };
                break;
            case ReactionContent reaction:
                message.Reaction = new Reaction { To = Bytes(reaction.To), Emoji = reaction.Emoji, Removed = reaction.Removed };
                break;
            case EditContent edit:
                message.Edit = new Edit { Of = Bytes(edit.Of), Text = edit.Text };
                break;
            case DeleteContent delete:
                message.Delete = new Delete { Of = Bytes(delete.Of) };
                break;
            case FileContent file:
                message.File = new FileReference
                {
                    Name = file.Name,
                    MediaType = file.MediaType,
                    Length = file.Length,
                    BlobHash = ByteString.CopyFrom(file.BlobHash.Span),
                    Key = ByteString.CopyFrom(file.Key.Span),
                };
                break;
            case ExpiryContent expiry:
                message.Expiry = new Expiry { KeepSeconds = (ulong)Math.Max(0, (long)expiry.KeepFor.TotalSeconds) };
                break;
            default:
                throw new ArgumentException("Content of this kind cannot be sent.", nameof(content));
        }
        return message.CalculateSize() <= Wire.TextMax
            ? message
            : throw new QpcException(QpcError.TooLarge, $"A message may have {Wire.TextMax} bytes, and this one has more.", "Send it in parts.");
    }

    /// <summary>What a stored or received message says.</summary>
    public static MessageContent FromWire(AppMessage message) => message.BodyCase switch
    {
        AppMessage.BodyOneofCase.Text => new TextContent(message.Text.Text_),
        AppMessage.BodyOneofCase.Reply when MessageId.TryFrom(message.Reply.To.Span, out MessageId to) => new ReplyContent(to, message.Reply.Text),
        AppMessage.BodyOneofCase.Reaction when MessageId.TryFrom(message.Reaction.To.Span, out MessageId to) =>
            new ReactionContent(to, message.Reaction.Emoji, message.Reaction.Removed),
        AppMessage.BodyOneofCase.Edit when MessageId.TryFrom(message.Edit.Of.Span, out MessageId of) => new EditContent(of, message.Edit.Text),
        AppMessage.BodyOneofCase.Delete when MessageId.TryFrom(message.Delete.Of.Span, out MessageId of) => new DeleteContent(of),
        AppMessage.BodyOneofCase.File => new FileContent(
            message.File.Name, message.File.MediaType, message.File.Length, message.File.BlobHash.Memory, message.File.Key.Memory),
        AppMessage.BodyOneofCase.Expiry => new ExpiryContent(TimeSpan.FromSeconds(Math.Min(message.Expiry.KeepSeconds, 100L * 366 * 24 * 60 * 60))),
        _ => new UnknownContent(message.ToByteArray()),
    };

    /// <summary>True for what goes into the history: everything that has an id, known or not.</summary>
    public static bool IsKept(AppMessage message) => message.BodyCase is not (
        AppMessage.BodyOneofCase.Receipt or AppMessage.BodyOneofCase.Typing or AppMessage.BodyOneofCase.Dummy
        or AppMessage.BodyOneofCase.Leave or AppMessage.BodyOneofCase.Naming);

    /// <summary>How many zero bytes bring a message to the next power of two, so that its length says little.</summary>
    public static int PaddingFor(int length)
    {
        int bucket = BucketMin;
        while (bucket < length)
        {
            bucket = checked(bucket * 2);
        }
        return bucket - length;
    }

    private static ByteString Bytes(MessageId id) => ByteString.CopyFrom(id.ToArray());
}
