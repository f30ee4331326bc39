using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Conversations;

/// <summary>Everything that is to be sent, a lane for each conversation. What lies in a lane is encrypted and on disk; it goes out in its order, again and again until the server has it.</summary>
internal sealed class Outbox
{
    private readonly ConcurrentDictionary<ConversationId, OutboxLane> _lanes = new();
    private readonly ClientState _client;
    private readonly ServerSession _session;
    private readonly Committer _committer;

    public Outbox(ClientState client, ServerSession session, Committer committer) => (_client, _session, _committer) = (client, session, committer);

    /// <summary>Puts what the last process left behind into the lanes.</summary>
    public async Task LoadAsync()
    {
        const int page = 256;
        long number = 0;
        while (true)
        {
            List<OutboxRow> rows = await _client.Store.ReadAsync(transaction => transaction.Outbox.After(number, page).Select(static entry => entry.Row).ToList());
            foreach (OutboxRow row in rows)
            {
                LaneOf(ConversationId.From(row.Lane.Span)).Restore(row);
            }
            if (rows.Count < page)
            {
                return;
            }
            number = rows[^1].Number;
        }
    }

    /// <summary>Encrypts and stores a message; done when that is on disk.</summary>
    public Task AddAsync(ConversationId id, AppMessage message, CancellationToken cancellationToken) => LaneOf(id).AddAsync(message, cancellationToken);

    /// <summary>Whoever was added learns what the conversation is called, right behind the Welcome. In the transaction that confirms the commit.</summary>
    public void Announce(StoreTransaction transaction, ConversationState state)
    {
        if (GroupName.Repeat(_client, state) is not { } message)
        {
            return;
        }
        try
        {
            LaneOf(state.Id).TryEncrypt(transaction, new AppMessages { Messages = { message } });
        }
        catch (QpcException e)
        {
            // The commit stands; the name comes with the next one.
            _client.Logger.LogDebug(e, "A name is not announced");
        }
    }

    /// <summary>Sends what waits: there is a connection.</summary>
    public void Wake()
    {
        foreach (OutboxLane lane in _lanes.Values)
        {
            lane.Wake();
        }
    }

    /// <summary>Waits until everything that is in the lane now is at the server, or cannot go there.</summary>
    public Task FlushAsync(ConversationId id, CancellationToken cancellationToken) => LaneOf(id).FlushAsync(cancellationToken);

    public Task FlushAsync(CancellationToken cancellationToken) => Task.WhenAll(_lanes.Values.Select(lane => lane.FlushAsync(cancellationToken)));

    /// <summary>Waits until the server has the message.</summary>
    public Task WaitAsync(ConversationId id, MessageId message, CancellationToken cancellationToken) => LaneOf(id).WaitAsync(message, cancellationToken);

    /// <summary>True while the message is not at the server.</summary>
    public bool Holds(ConversationId id, MessageId message) => _lanes.TryGetValue(id, out OutboxLane? lane) && lane.Holds(message);

    /// <summary>The lanes end what they are at.</summary>
    public Task StopAsync() => Task.WhenAll(_lanes.Values.Select(static lane => lane.StopAsync()));

    private OutboxLane LaneOf(ConversationId id) => _lanes.GetOrAdd(id, static (key, self) => new OutboxLane(self._client, self._session, self._committer, key), this);
}
