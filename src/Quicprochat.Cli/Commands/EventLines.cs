using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;

namespace Quicprochat.Cli.Commands;

/// <summary>What events other than messages look like.</summary>
internal static class EventLines
{
    /// <summary>Markup for people; null for what they need not see.</summary>
    public static string? Markup(ClientEvent item) => item switch
    {
        ConversationAdded { Conversation.Members: { Count: > 1 } members } added =>
            $"[grey]you are in a conversation with[/] {Names(members.Where(static m => !m.IsSelf).Select(static m => m.Account))}",
        MembersChanged { Conversation.Kind: ConversationKind.Direct or ConversationKind.Notes, Epoch: 1 } => null,
        MembersChanged changed => Changed(changed),
        ConversationRenamed renamed => $"{Show.Name(renamed.By)} [grey]called it[/] {Show.Safe(renamed.Name)}",
        ConversationLeft left => $"[grey]you are no longer in[/] {Name(left.Conversation)}[grey]; {Show.Name(left.By)} did that[/]",
        ConnectionChanged { State: ConnectionState.Reconnecting } => "[yellow]connection lost, trying again …[/]",
        ConnectionChanged { State: ConnectionState.Connected } => "[grey]connected[/]",
        ConnectionChanged { State: ConnectionState.Offline, Problem: { } problem } => $"[red]{Show.Safe(problem.Message)}[/] {Show.Safe(problem.Remedy)}",
        KeyChanged changed =>
            $"[red]The key of {Show.Safe(changed.Contact.Account)} has changed.[/] Nothing is sent there until you accept it. Compare the safety number, then: accept {Show.Safe(changed.Contact.Account)}",
        Rejoined rejoined => $"[yellow]this device could not follow {Name(rejoined.Conversation)} ({Show.Safe(rejoined.Reason)}) and came back at epoch {rejoined.Epoch}[/]",
        EntrySkipped skipped => $"[yellow]a commit in {Name(skipped.Conversation)} was not valid and was skipped ({Show.Safe(skipped.Reason)})[/]",
        ForkSuspected fork => $"[red]{Show.Safe(fork.Account)} holds other keys for epoch {fork.Epoch} of {Name(fork.Conversation)}[/]",
        Notice notice => $"[grey]{Show.Safe(notice.Text)}[/]",
        EventsLost lost => $"[grey]({lost.Count} events are not shown; the history has all messages)[/]",
        _ => null,
    };

    /// <summary>For scripts; null for what is no event of theirs.</summary>
    public static JsonLine? Json(ClientEvent item) => item switch
    {
        MessageReceived received => Show.Json(received.Conversation, received.Message),
        MessageStateChanged state => new JsonLine("state").Add("conversation", state.Conversation.Id.ToString()).Add("id", state.Id.ToString()).Add("state", state.State.ToString().ToLowerInvariant()),
        ConversationAdded added => Show.Json(added.Conversation, "joined"),
        MembersChanged changed => new JsonLine("epoch").Add("conversation", changed.Conversation.Id.ToString()).Add("epoch", (long)changed.Epoch).Add("by", changed.By)
            .Add("joined", changed.Joined).Add("left", changed.Left),
        ConversationRenamed renamed => new JsonLine("renamed").Add("conversation", renamed.Conversation.Id.ToString()).Add("name", renamed.Name).Add("by", renamed.By),
        ConversationLeft left => new JsonLine("left").Add("conversation", left.Conversation.Id.ToString()).Add("by", left.By),
        ConnectionChanged changed => new JsonLine("connection").Add("state", changed.State.ToString().ToLowerInvariant()).Add("problem", changed.Problem?.Message),
        KeyChanged changed => new JsonLine("key_changed").Add("account", changed.Contact.Account),
        Rejoined rejoined => new JsonLine("rejoined").Add("conversation", rejoined.Conversation.Id.ToString()).Add("epoch", (long)rejoined.Epoch).Add("reason", rejoined.Reason),
        EntrySkipped skipped => new JsonLine("skipped").Add("conversation", skipped.Conversation.Id.ToString()).Add("index", (long)skipped.Index).Add("reason", skipped.Reason),
        ForkSuspected fork => new JsonLine("fork").Add("conversation", fork.Conversation.Id.ToString()).Add("account", fork.Account).Add("epoch", (long)fork.Epoch),
        Notice notice => new JsonLine("notice").Add("text", notice.Text),
        EventsLost lost => new JsonLine("lost").Add("count", lost.Count),
        _ => null,
    };

    private static string Changed(MembersChanged changed)
    {
        var parts = new List<string>();
        if (changed.Joined.Count > 0)
        {
            parts.Add($"{Show.Name(changed.By)} [grey]added[/] {Names(changed.Joined)}");
        }
        if (changed.Left.Count > 0)
        {
            parts.Add($"{Show.Name(changed.By)} [grey]removed[/] {Names(changed.Left)}");
        }
        if (parts.Count == 0)
        {
            parts.Add($"{Show.Name(changed.By)} [grey]changed the keys[/]");
        }
        return $"[grey]{Name(changed.Conversation)}:[/] {string.Join("[grey],[/] ", parts)} [grey](epoch {changed.Epoch})[/]";
    }

    private static string Name(Conversation conversation) => Show.Safe(Plain.ShortName(conversation.Name));

    private static string Names(IEnumerable<string> accounts) => string.Join(", ", accounts.Select(Show.Name));
}
