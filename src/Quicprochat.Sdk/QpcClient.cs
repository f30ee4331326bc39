namespace Quicprochat.Sdk;

/// <summary>
/// A device of an account: it registers, keeps itself connected, holds conversations and everything said in them. Safe for use by several threads at once.
/// <code>
/// await using QpcClient client = await QpcClient.OpenAsync(new QpcClientOptions { ProfilePath = "bot", Key = key });
/// var events = client.Events(cancellationToken);
/// await client.ConnectAsync(cancellationToken);
/// await foreach (ClientEvent item in events)
/// {
///     if (item is MessageReceived { Message: { IsOwn: false, Text: { } text } } received)
///     {
///         await received.Conversation.SendTextAsync(text, cancellationToken);
///     }
/// }
/// </code>
/// </summary>
public sealed class QpcClient : IAsyncDisposable
{
    private QpcClient()
    {
    }

    /// <summary>The account: <c>alice@example.org</c>.</summary>
    public string Account => throw new NotImplementedException();

    /// <summary>This device.</summary>
    public DeviceId DeviceId => throw new NotImplementedException();

    /// <summary>Where the server is, with its key once that is known.</summary>
    public ServerAddress Server => throw new NotImplementedException();

    /// <summary>Whether the server is reached.</summary>
    public ConnectionState State => throw new NotImplementedException();

    /// <summary>The key exchange and cipher of the connection; null while there is none.</summary>
    public string? Security => throw new NotImplementedException();

    /// <summary>Why the last connection ended or could not be made; null when nothing went wrong.</summary>
    public QpcException? Problem => throw new NotImplementedException();

    /// <summary>The MLS cipher suite that new conversations use.</summary>
    public string CipherSuite => throw new NotImplementedException();

    /// <summary>All conversations, those with the newest messages first.</summary>
    public IReadOnlyList<Conversation> Conversations => throw new NotImplementedException();

    /// <summary>The accounts whose keys were seen.</summary>
    public IReadOnlyList<Contact> Contacts => throw new NotImplementedException();

    /// <summary>The devices of this account, as the newest list has them.</summary>
    public IReadOnlyList<DeviceInfo> Devices => throw new NotImplementedException();

    /// <summary>A new profile: makes the account's keys and this device's, registers at the server, and stocks key packages. The client is connected.</summary>
    /// <exception cref="QpcException">The server cannot be reached or refuses, or the profile exists.</exception>
    public static Task<QpcClient> CreateAsync(QpcClientOptions options, RegisterOptions register, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Opens a profile. The client is Offline until <see cref="ConnectAsync"/>.</summary>
    /// <exception cref="QpcException">There is no profile, or it does not open.</exception>
    public static Task<QpcClient> OpenAsync(QpcClientOptions options, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>
    /// The first step of a further device, on that device: makes its keys in a new profile, and a text to bring to a device of the account that holds its key,
    /// for <see cref="ApproveDeviceAsync"/>. The text holds no secret.
    /// </summary>
    public static Task<string> RequestLinkAsync(QpcClientOptions options, LinkOptions link, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The last step, on the new device: takes the text that <see cref="ApproveDeviceAsync"/> gave. The client is Offline until <see cref="ConnectAsync"/>.</summary>
    public static Task<QpcClient> CompleteLinkAsync(QpcClientOptions options, string approval, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The step in between, on the device that holds the account's key: vouches for the new device, publishes the new list, and adds the device to every conversation.</summary>
    /// <returns>A text to bring back to the new device. It holds no secret.</returns>
    public Task<string> ApproveDeviceAsync(string request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Takes a device off the account's list: the server cuts it off, and members remove it from their groups.</summary>
    public Task RevokeDeviceAsync(DeviceId device, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Connects, and from then on stays connected until <see cref="DisconnectAsync"/>: a lost connection is made again, and nothing is missed.</summary>
    /// <exception cref="QpcException">The first connection cannot be made. It is not tried again.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Closes the connection and stays Offline. What waits in the outbox stays there.</summary>
    public Task DisconnectAsync() => throw new NotImplementedException();

    /// <summary>Waits until everything that was pending at the server when it was called is received, and the outbox is empty.</summary>
    public Task SyncAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Finds a conversation by its name, by the other's address (whole, or the part before the @ where only one fits), or by its id or the beginning of its id.</summary>
    public Conversation? FindConversation(string text) => throw new NotImplementedException();

    /// <summary>The conversation with one other account; created when there is none, with every device of both.</summary>
    /// <param name="address"><c>bob@example.org</c>, or <c>bob</c> for an account of the own server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Conversation> GetDirectAsync(string address, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The notes to oneself, on every device of the account; created when there are none.</summary>
    public Task<Conversation> GetNotesAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>A new group with every device of these accounts and one's own.</summary>
    public Task<Conversation> CreateGroupAsync(string name, IEnumerable<string> members, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>
    /// What happens from this call on. Each call is a reader of its own; a reader that falls further behind than <see cref="QpcClientOptions.EventsMax"/> gets
    /// <see cref="EventsLost"/>. Ends when the client is disposed.
    /// </summary>
    public IAsyncEnumerable<ClientEvent> Events(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>What is known of an account's key; asks the server for an account that was never seen.</summary>
    public Task<Contact> GetContactAsync(string address, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The user has seen that the account's key changed, and takes the new one.</summary>
    public Task<Contact> AcceptKeyAsync(string address, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The user compared the safety number with the other person, or takes that back.</summary>
    public Task<Contact> SetVerifiedAsync(string address, bool verified, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
