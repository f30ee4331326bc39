namespace Quicprochat.Sdk;

/// <summary>
/// A conversation as this device sees it. Its properties show the newest state; each call that changes the group (<see cref="InviteAsync"/> and the like) needs the
/// server, ends when the change is made, and copes by itself with others who change the group at the same moment.
/// </summary>
public sealed class Conversation
{
    internal Conversation()
    {
    }

    /// <summary>Its id.</summary>
    public ConversationId Id => throw new NotImplementedException();

    /// <summary>What it is for.</summary>
    public ConversationKind Kind => throw new NotImplementedException();

    /// <summary>A group's name; the other account's address of a direct conversation; <c>notes</c>.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>What can be done with it.</summary>
    public ConversationStatus Status => throw new NotImplementedException();

    /// <summary>The MLS epoch.</summary>
    public ulong Epoch => throw new NotImplementedException();

    /// <summary>Equal for all members that hold the same keys in this epoch (RFC 9420 §8.7); empty when this device is no member.</summary>
    public ReadOnlyMemory<byte> EpochAuthenticator => throw new NotImplementedException();

    /// <summary>The MLS cipher suite.</summary>
    public string CipherSuite => throw new NotImplementedException();

    /// <summary>The members, sorted by account.</summary>
    public IReadOnlyList<ConversationMember> Members => throw new NotImplementedException();

    /// <summary>How many messages of others came since the last that was marked read.</summary>
    public int UnreadCount => throw new NotImplementedException();

    /// <summary>Says something. When it returns, the message is encrypted and on this disk, and will be sent whatever happens; no connection is needed.</summary>
    public Task<MessageId> SendTextAsync(string text, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>As <see cref="SendTextAsync"/>, and waits until the server has it on its disk.</summary>
    public Task<MessageId> SendTextAndWaitAsync(string text, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Many texts, each a message of its own, in their order: for scripts. They go to disk and to the server in batches; waits while too much is on its way.</summary>
    /// <returns>How many were sent. All are on the server's disk.</returns>
    public Task<long> SendManyAsync(IAsyncEnumerable<string> texts, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Says anything: a reply, a reaction, an edit, a deletion, a file, an expiry. Durable like <see cref="SendTextAsync"/>.</summary>
    public Task<MessageId> SendAsync(MessageContent content, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Tells the others that this account types. Not kept, not repeated; does nothing without a connection.</summary>
    public Task SendTypingAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Waits until the server has everything that was sent here before this call.</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Adds every device of these accounts, in one commit. Accounts that are members already stay as they are.</summary>
    public Task InviteAsync(IEnumerable<string> addresses, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Removes every device of these accounts, in one commit. Accounts that are no members are no error.</summary>
    public Task RemoveAsync(IEnumerable<string> addresses, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Asks the others to remove all devices of this account; done when a member does. The last member just goes.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Gives a group another name.</summary>
    public Task RenameAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Fresh keys for this device: whoever had stolen the old ones is out from here on.</summary>
    public Task UpdateKeysAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Comes back by an external commit, as happens by itself when this device cannot follow.</summary>
    public Task RejoinAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The history, oldest first: the last <paramref name="limit"/> messages, or those around a position.</summary>
    /// <param name="limit">Most messages.</param>
    /// <param name="before">Only messages before this <see cref="ChatMessage.Position"/>.</param>
    /// <param name="after">Only messages behind this <see cref="ChatMessage.Position"/>; the first of them, not the last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<ChatMessage> HistoryAsync(
        int limit = 100, long? before = null, long? after = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>One message; null when it is not in the history.</summary>
    public Task<ChatMessage?> FindMessageAsync(MessageId id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>All messages up to this one were read; tells their senders when receipts are on.</summary>
    public Task MarkReadAsync(MessageId upTo, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
