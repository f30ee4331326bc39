namespace Quicprochat.Sdk;

/// <summary>Something happened. One of the sealed types of this file.</summary>
public abstract record ClientEvent
{
    private protected ClientEvent()
    {
    }
}

#pragma warning disable MA0048 // The kinds of events are one closed list.

/// <summary>A message is in the history: somebody else's, or one that another device of this account sent.</summary>
public sealed record MessageReceived(Conversation Conversation, ChatMessage Message) : ClientEvent;

/// <summary>An own message has come further.</summary>
public sealed record MessageStateChanged(Conversation Conversation, MessageId Id, MessageState State) : ClientEvent;

/// <summary>Somebody types. Never stored.</summary>
public sealed record Typing(Conversation Conversation, string Account) : ClientEvent;

/// <summary>This device is in a conversation it was not in before.</summary>
public sealed record ConversationAdded(Conversation Conversation) : ClientEvent;

/// <summary>A conversation has a new epoch: devices came or went, keys are fresh, or its name changed.</summary>
/// <param name="Conversation">Which.</param>
/// <param name="Epoch">The epoch that began.</param>
/// <param name="By">The account that did it.</param>
/// <param name="Joined">Accounts that were not in it before.</param>
/// <param name="Left">Accounts that are in it no more.</param>
public sealed record MembersChanged(Conversation Conversation, ulong Epoch, string By, IReadOnlyList<string> Joined, IReadOnlyList<string> Left) : ClientEvent;

/// <summary>A group is called otherwise from now on, or its name came behind the invitation.</summary>
public sealed record ConversationRenamed(Conversation Conversation, string Name, string By) : ClientEvent;

/// <summary>This device is in a conversation no more.</summary>
public sealed record ConversationLeft(Conversation Conversation, string By) : ClientEvent;

/// <summary>The connection's state changed.</summary>
/// <param name="State">What it is now.</param>
/// <param name="Problem">Why, when something went wrong.</param>
public sealed record ConnectionChanged(ConnectionState State, QpcException? Problem) : ClientEvent;

/// <summary>An account shows another key than before. Nothing is sent to it until <see cref="QpcClient.AcceptKeyAsync"/>.</summary>
public sealed record KeyChanged(Contact Contact) : ClientEvent;

/// <summary>This device could not follow a conversation and came back. What was said in between is not readable here.</summary>
public sealed record Rejoined(Conversation Conversation, ulong Epoch, string Reason) : ClientEvent;

/// <summary>A commit that is not valid was skipped and reported. Nobody lost anything.</summary>
public sealed record EntrySkipped(Conversation Conversation, ulong Index, string Reason) : ClientEvent;

/// <summary>Two members hold different keys for the same epoch, or one of them says so.</summary>
public sealed record ForkSuspected(Conversation Conversation, string Account, ulong Epoch) : ClientEvent;

/// <summary>Something the user should read.</summary>
public sealed record Notice(Conversation? Conversation, string Text) : ClientEvent;

/// <summary>The reader was too slow: so many events before this one are lost to it. The history is complete.</summary>
public sealed record EventsLost(long Count) : ClientEvent;
