using System.Globalization;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Spectre.Console;

namespace Quicprochat.Cli.Commands;

/// <summary>How things of a conversation look, to people and to scripts.</summary>
internal static class Show
{
    private static readonly string[] _colours = ["aqua", "lime", "yellow", "fuchsia", "orange1", "deepskyblue1", "springgreen1", "hotpink"];

    /// <summary>A name in a colour that is always its own.</summary>
    public static string Name(string account)
    {
        uint hash = 2166136261;
        foreach (char c in account)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }
        return $"[{_colours[hash % (uint)_colours.Length]}]{Safe(Plain.ShortName(account))}[/]";
    }

    public static string Safe(string text) => Markup.Escape(Plain.Clean(text));

    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Message(ChatMessage message, string? where = null)
    {
        string place = where is null ? "" : $"[grey]{Safe(Plain.ShortName(where))}[/] ";
        string state = message.State is MessageState.Queued or MessageState.Failed ? $" [grey]({State(message.State)})[/]" : "";
        return $"[grey]{Time(message.Time)}[/] {place}{Name(message.Sender)}[grey]:[/] {Content(message.Content)}{state}";
    }

    public static string State(MessageState state) => state switch
    {
        MessageState.Queued => "waits for the server",
        MessageState.Sent => "sent",
        MessageState.Delivered => "delivered",
        MessageState.Read => "read",
        MessageState.Failed => "not sent",
        _ => "",
    };

    public static JsonLine Json(Conversation conversation, ChatMessage message)
    {
        JsonLine line = new JsonLine("message")
            .Add("id", message.Id.ToString())
            .Add("conversation", message.Conversation.ToString())
            .Add("name", conversation.Name)
            .Add("position", message.Position)
            .Add("from", message.Sender)
            .Add("device", message.SenderDevice.ToString())
            .Add("own", message.IsOwn)
            .Add("time", message.Time)
            .Add("epoch", (long)message.Epoch)
            .Add("state", message.State.ToString().ToLowerInvariant());
        return message.Content switch
        {
            TextContent text => line.Add("kind", "text").Add("text", text.Text),
            ReplyContent reply => line.Add("kind", "reply").Add("text", reply.Text).Add("to", reply.To.ToString()),
            ReactionContent reaction => line.Add("kind", "reaction").Add("emoji", reaction.Emoji).Add("to", reaction.To.ToString()).Add("removed", reaction.Removed),
            EditContent edit => line.Add("kind", "edit").Add("text", edit.Text).Add("of", edit.Of.ToString()),
            DeleteContent delete => line.Add("kind", "delete").Add("of", delete.Of.ToString()),
            FileContent file => line.Add("kind", "file").Add("file", file.Name).Add("length", (long)file.Length),
            ExpiryContent expiry => line.Add("kind", "expiry").Add("seconds", (long)expiry.KeepFor.TotalSeconds),
            _ => line.Add("kind", "unknown"),
        };
    }

    public static JsonLine Json(Conversation conversation, string type = "conversation") => new JsonLine(type)
        .Add("id", conversation.Id.ToString())
        .Add("name", conversation.Name)
        .Add("kind", conversation.Kind.ToString().ToLowerInvariant())
        .Add("status", conversation.Status.ToString().ToLowerInvariant())
        .Add("epoch", (long)conversation.Epoch)
        .Add("authenticator", Convert.ToHexStringLower(conversation.EpochAuthenticator.Span))
        .Add("cipher_suite", conversation.CipherSuite)
        .Add("members", conversation.Members.Select(static member => member.Account))
        .Add("unread", conversation.UnreadCount);

    private static string Content(MessageContent content) => content switch
    {
        TextContent text => Safe(text.Text),
        ReplyContent reply => $"[grey]↳[/] {Safe(reply.Text)}",
        ReactionContent { Removed: true } => "[grey]took a reaction back[/]",
        ReactionContent reaction => $"[grey]reacts[/] {Safe(reaction.Emoji)}",
        EditContent edit => $"[grey]corrects:[/] {Safe(edit.Text)}",
        DeleteContent => "[grey]took a message back[/]",
        FileContent file => $"[grey]file[/] {Safe(file.Name)} [grey]({file.Length} bytes)[/]",
        ExpiryContent { KeepFor.Ticks: 0 } => "[grey]messages are kept[/]",
        ExpiryContent expiry => $"[grey]messages go after {expiry.KeepFor}[/]",
        _ => "[grey]something that a newer version understands[/]",
    };
}
