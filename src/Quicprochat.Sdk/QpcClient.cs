using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Session;

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
public sealed partial class QpcClient : IAsyncDisposable
{
    private const int IdPrefixMin = 4;

    private readonly ClientState _client;
    private readonly ClientParts _parts;
    private readonly ServerDoor _door;
    private int _disposed;

    private QpcClient(ClientState client, ServerDoor door)
    {
        _client = client;
        _door = door;
        _parts = new ClientParts(client, door);
        client.Parts = _parts;
    }

    /// <summary>The account: <c>alice@example.org</c>.</summary>
    public string Account => _client.Device.Account;

    /// <summary>This device.</summary>
    public DeviceId DeviceId => _client.Device.Id;

    /// <summary>Where the server is, with its key once that is known.</summary>
    public ServerAddress Server => _door.Address;

    /// <summary>Whether the server is reached.</summary>
    public ConnectionState State => _parts.Session.State;

    /// <summary>The key exchange and cipher of the connection; null while there is none.</summary>
    public string? Security => _parts.Session.Security;

    /// <summary>Why the last connection ended or could not be made; null when nothing went wrong.</summary>
    public QpcException? Problem => _parts.Session.Problem;

    /// <summary>The MLS cipher suite that new conversations use.</summary>
    public string CipherSuite => _client.Mls.CipherSuites.Default.Name;

    /// <summary>All conversations, those with the newest messages first.</summary>
    public IReadOnlyList<Conversation> Conversations =>
    [
        .. _client.Conversations.Shown
            .OrderByDescending(static conversation => conversation.Snapshot.LastPosition)
            .ThenByDescending(static conversation => conversation.Snapshot.CreatedMs),
    ];

    /// <summary>The accounts whose keys were seen.</summary>
    public IReadOnlyList<Contact> Contacts => _client.Contacts.All;

    /// <summary>The devices of this account, as the newest list has them.</summary>
    public IReadOnlyList<DeviceInfo> Devices =>
    [
        .. _client.Device.List.Devices.Select(device => new DeviceInfo(
            device.Id,
            device.Certificate.Name,
            DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(device.Certificate.NotAfter, 253_402_300_799)),
            device.Id == DeviceId)),
    ];

    internal ClientParts Parts => _parts;

    /// <summary>Connects, and from then on stays connected until <see cref="DisconnectAsync"/>: a lost connection is made again, and nothing is missed.</summary>
    /// <exception cref="QpcException">The first connection cannot be made. It is not tried again.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        await Leave();
        await _parts.Session.ConnectAsync(cancellationToken);
    }

    /// <summary>Closes the connection and stays Offline. What waits in the outbox stays there.</summary>
    public async Task DisconnectAsync()
    {
        await Leave();
        await _parts.Session.DisconnectAsync();
    }

    /// <summary>Waits until everything that was pending at the server when it was called is received, and the outbox is empty.</summary>
    /// <exception cref="QpcException">There is no connection, and nobody tries to make one.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken = default)
    {
        await Leave();
        await ExplainAsync(async () =>
        {
            while (true)
            {
                Task moved = _parts.Receiver.MovedAsync();
                FetchResponse next = await _parts.Session.CallAsync(Methods.Fetch, new FetchRequest { Cursor = _parts.Receiver.Cursor, Limit = 1 }, cancellationToken);
                if (next.Envelopes.Count == 0)
                {
                    break;
                }
                await moved.WaitAsync(cancellationToken);
            }
            foreach (Conversation conversation in Conversations.Where(static item => item.Status == ConversationStatus.Rejoining))
            {
                using (await _parts.Committer.TakeTurnAsync(conversation.Id, cancellationToken))
                {
                    await _parts.Housekeeper.EnsureUsableAsync(conversation.Id, cancellationToken);
                }
            }
            await _parts.Outbox.FlushAsync(cancellationToken);
            await _parts.Receiver.Acknowledger.FlushAsync(cancellationToken);
            return true;
        });
    }

    /// <summary>Finds a conversation by its name, by the other's address (whole, or the part before the @ where only one fits), or by its id or the beginning of its id.</summary>
    public Conversation? FindConversation(string text)
    {
        string wanted = text.Trim();
        IReadOnlyList<Conversation> all = Conversations;
        return all.FirstOrDefault(item => string.Equals(item.Id.ToString(), wanted, StringComparison.OrdinalIgnoreCase))
            ?? Only(all.Where(item => string.Equals(item.Name, wanted, StringComparison.Ordinal)))
            ?? Only(all.Where(item => string.Equals(item.Name, wanted, StringComparison.OrdinalIgnoreCase)))
            ?? Only(all.Where(item => item.Kind == ConversationKind.Direct && item.Name.StartsWith(wanted + "@", StringComparison.OrdinalIgnoreCase)))
            ?? (wanted.Length >= IdPrefixMin ? Single(all.Where(item => item.Id.ToString().StartsWith(wanted, StringComparison.OrdinalIgnoreCase))) : null);
    }

    /// <summary>The conversation with one other account; created when there is none, with every device of both.</summary>
    /// <param name="address"><c>bob@example.org</c>, or <c>bob</c> for an account of the own server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="QpcException">There is no such account, its key changed, or the server is not reached.</exception>
    public async Task<Conversation> GetDirectAsync(string address, CancellationToken cancellationToken = default)
    {
        await Leave();
        string account = Complete(address);
        return string.Equals(account, Account, StringComparison.Ordinal)
            ? await GetNotesAsync(cancellationToken)
            : await GetOrMakeAsync(
                item => item.Kind == ConversationKind.Direct && string.Equals(item.Snapshot.Peer, account, StringComparison.Ordinal), ConversationKind.Direct, [account], cancellationToken);
    }

    /// <summary>The notes to oneself, on every device of the account; created when there are none.</summary>
    public async Task<Conversation> GetNotesAsync(CancellationToken cancellationToken = default)
    {
        await Leave();
        return await GetOrMakeAsync(static item => item.Kind == ConversationKind.Notes, ConversationKind.Notes, [], cancellationToken);
    }

    /// <summary>A new group with every device of these accounts and one's own.</summary>
    /// <exception cref="QpcException">There is no such account, its key changed, none of its devices can be added, or the server is not reached.</exception>
    public async Task<Conversation> CreateGroupAsync(string name, IEnumerable<string> members, CancellationToken cancellationToken = default)
    {
        await Leave();
        string title = Conversation.RequireName(name);
        IReadOnlyList<string> accounts = [.. members.Select(Complete).Where(account => !string.Equals(account, Account, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
        return await ExplainAsync(() => _parts.Maker.CreateAsync(ConversationKind.Group, title, accounts, cancellationToken));
    }

    /// <summary>
    /// What happens from this call on. Each call is a reader of its own; a reader that falls further behind than <see cref="QpcClientOptions.EventsMax"/> gets
    /// <see cref="EventsLost"/>. Ends when the client is disposed.
    /// </summary>
    public IAsyncEnumerable<ClientEvent> Events(CancellationToken cancellationToken = default) => _client.Events.Subscribe(cancellationToken);

    /// <summary>What is known of an account's key; asks the server for an account that was never seen.</summary>
    public async Task<Contact> GetContactAsync(string address, CancellationToken cancellationToken = default)
    {
        await Leave();
        string account = Complete(address);
        if (_client.Contacts.Find(account) is { } known)
        {
            return known;
        }
        await ExplainAsync(async () => await _client.Contacts.RefreshAsync(_parts.Session, account, cancellationToken));
        return Known(account);
    }

    /// <summary>The user has seen that the account's key changed, and takes the new one.</summary>
    public async Task<Contact> AcceptKeyAsync(string address, CancellationToken cancellationToken = default)
    {
        await Leave();
        string account = Complete(address);
        await _client.Contacts.AcceptAsync(account, cancellationToken);
        _parts.Outbox.Wake();
        return Known(account);
    }

    /// <summary>The user compared the safety number with the other person, or takes that back.</summary>
    public async Task<Contact> SetVerifiedAsync(string address, bool verified, CancellationToken cancellationToken = default)
    {
        await Leave();
        string account = Complete(address);
        await _client.Contacts.SetVerifiedAsync(account, verified, cancellationToken);
        return Known(account);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Leave();
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _parts.Session.DisposeAsync();
            await _parts.Outbox.StopAsync();
            await _client.Store.DisposeAsync();
            _client.Events.Close();
            _client.Profile.Dispose();
        }
    }

    private static Conversation? Only(IEnumerable<Conversation> found)
    {
        List<Conversation> list = [.. found.OrderBy(static item => item.Status == ConversationStatus.Left)];
        return list.Count == 1 || (list.Count > 1 && list[1].Status == ConversationStatus.Left) || (list.Count > 1 && list[0].Kind == ConversationKind.Direct) ? list[0] : null;
    }

    private static Conversation? Single(IEnumerable<Conversation> found)
    {
        List<Conversation> list = [.. found.Take(2)];
        return list.Count == 1 ? list[0] : null;
    }

    private static async Task<T> ExplainAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is not QpcException && Problems.Explain(e) is not null)
        {
            throw Problems.ExplainAll(e);
        }
    }

    private async Task<Conversation> GetOrMakeAsync(Func<Conversation, bool> fits, ConversationKind kind, IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        using Turns.Turn turn = await _makes.TakeAsync(cancellationToken);

        // Two that begin at the same moment make two conversations; both go on with the one whose id is smaller.
        Conversation? found = Conversations.Where(item => item.Status != ConversationStatus.Left && fits(item)).MinBy(static item => item.Id.ToString(), StringComparer.Ordinal);
        if (found is null)
        {
            return await ExplainAsync(() => _parts.Maker.CreateAsync(kind, string.Empty, accounts, cancellationToken));
        }
        if (accounts.Count > 0 && found.Status == ConversationStatus.Active && !found.OtherAccounts().Any() && State != ConnectionState.Offline)
        {
            // It was begun, and nobody was added.
            await ExplainAsync(async () =>
            {
                await _parts.Maker.InviteAsync(found.Id, accounts, cancellationToken);
                return true;
            });
        }
        return found;
    }

    private Contact Known(string account) => _client.Contacts.Find(account)
        ?? throw new QpcException(QpcError.AccountUnknown, $"Nothing is known of {account}.", "Begin a conversation with it first.");

    private string Complete(string address) => AccountAddress.Complete(address, AccountAddress.ServerOf(Account));

    private CallerContext Leave() => new(_client.Options.Home);
}
