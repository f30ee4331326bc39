using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Paths;
using Quicprochat.Quic.Recovery;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic;

/// <summary>
/// All connections of one socket, as a state machine without IO. Datagrams and the time go in; datagrams, events and the next timeout come out.
/// Not thread-safe: one loop owns it. After every call that can change something, the loop takes what is ready
/// (<see cref="TryTakeReady"/>) and sends what there is (<see cref="TryTakeTransmit"/> until it gives nothing), then sleeps until <see cref="NextTimeout"/>.
/// </summary>
public sealed partial class Endpoint : IDisposable
{
    private readonly EndpointOptions _options;
    private readonly IRandomSource _random;
    private readonly byte[] _resetKey;
    private readonly AddressTokenKey _tokenKey;
    private readonly Dictionary<ConnectionId, Connection> _routes = [];
    private readonly Dictionary<StatelessResetToken, Connection> _resetTokens = [];
    private readonly HashSet<Connection> _connections = [];
    private readonly Queue<Connection> _toSend = new();
    private readonly Queue<Connection> _ready = new();
    private readonly TimerHeap _timers = new();
    private int _pendingHandshakes;

    /// <summary>An endpoint without connections.</summary>
    /// <exception cref="ArgumentException">A key of the options is not 32 bytes long.</exception>
    public Endpoint(EndpointOptions options)
    {
        _options = options;
        _random = options.Random;
        _resetKey = KeyOf(options.StatelessResetKey);
        _tokenKey = new AddressTokenKey(CryptoProvider.Default, KeyOf(options.TokenKey));
        AcceptsConnections = options.AcceptsConnections;
    }

    /// <summary>Connections kept, closing ones included.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>True to take connections from peers; while false their Initials are dropped.</summary>
    public bool AcceptsConnections { get; set; }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called, in microseconds; <see cref="long.MaxValue"/> for never.</summary>
    public long NextTimeout => _timers.Earliest;

    internal IRandomSource Random => _random;

    /// <summary>Where all connections take their buffers from.</summary>
    internal StreamMemory Memory { get; } = new();

    /// <summary>One for all connections: it is emptied before each use and read before the next.</summary>
    internal AckOutcome AckOutcome { get; } = new();

    /// <summary>Dials. The first datagrams are taken with <see cref="TryTakeTransmit"/>.</summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="options">TLS and transport.</param>
    /// <param name="path">The server's address, and the local one where it is known.</param>
    /// <exception cref="ArgumentException">The options cannot work.</exception>
    public Connection Connect(long now, ClientConnectionOptions options, in NetworkPath path)
    {
        var connection = new Connection(this, now, options, path);
        try
        {
            connection.Start(now);
        }
        catch
        {
            connection.Forget();
            throw;
        }
        _connections.Add(connection);
        Touch(connection);
        return connection;
    }

    /// <summary>Runs what is due.</summary>
    public void HandleTimeout(long now)
    {
        while (_timers.TryTakeDue(now, out Connection? connection))
        {
            try
            {
                connection.HandleTimeout(now);
            }
            catch (Exception exception) when (connection.TryFault(now, exception))
            {
                // Our own bug costs this one connection.
            }
            Touch(connection);
        }
    }

    /// <summary>
    /// The next connection that has events to take. One seen for the first time has a null <see cref="Connection.Tag"/>,
    /// and its first event is <see cref="ConnectionEventKind.HelloReceived"/>.
    /// </summary>
    public bool TryTakeReady([NotNullWhen(true)] out Connection? connection)
    {
        while (_ready.TryDequeue(out connection))
        {
            connection.IsQueuedReady = false;
            if (connection.HasEvents)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Fills <paramref name="buffer"/> with datagrams of one connection, or with one stateless answer; false when there is nothing to send now.
    /// </summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="buffer">At least 1,500 bytes; 64 KiB where several segments are sent at once.</param>
    /// <param name="transmit">Where the datagrams go and how they lie in the buffer.</param>
    public bool TryTakeTransmit(long now, Span<byte> buffer, out Transmit transmit)
    {
        if (_statelessAnswers.TryTake(buffer, out transmit))
        {
            return true;
        }
        while (_toSend.TryPeek(out Connection? connection))
        {
            _toSend.Dequeue();
            if (TryTakeFrom(connection, now, buffer, out transmit))
            {
                _toSend.Enqueue(connection);
                return true;
            }
            connection.IsQueuedToSend = false;
            Settle(connection);
        }
        transmit = default;
        return false;
    }

    /// <summary>Closes every connection, as at shutdown.</summary>
    /// <param name="now">The time in microseconds.</param>
    /// <param name="code">The application's error code.</param>
    /// <param name="reason">Words for the peer.</param>
    public void CloseAll(long now, long code, string reason)
    {
        foreach (Connection connection in _connections.ToArray())
        {
            connection.Close(now, code, reason);
        }
    }

    /// <summary>Forgets every connection without a word to its peer, and zeroes the keys.</summary>
    public void Dispose()
    {
        foreach (Connection connection in _connections)
        {
            connection.Forget();
        }
        _connections.Clear();
        _tokenKey.Dispose();
        CryptographicOperations.ZeroMemory(_resetKey);
    }

    /// <summary>Something changed on a connection: it may have events, something to send, another deadline.</summary>
    internal void Touch(Connection connection)
    {
        if (!connection.IsQueuedToSend)
        {
            connection.IsQueuedToSend = true;
            _toSend.Enqueue(connection);
        }
        QueueIfReady(connection);
    }

    /// <summary>A fresh connection id that routes to <paramref name="connection"/>.</summary>
    internal ConnectionId NewConnectionId(Connection connection)
    {
        ConnectionId id;
        do
        {
            id = ConnectionId.Draw(_random, LocalConnectionIds.Length);
        }
        while (!_routes.TryAdd(id, connection));
        return id;
    }

    /// <summary>The stateless reset token of an id this endpoint gave out.</summary>
    internal StatelessResetToken ResetTokenOf(in ConnectionId id) => StatelessReset.DeriveToken(CryptoProvider.Default, _resetKey, id);

    internal void RemoveRoute(in ConnectionId id) => _routes.Remove(id);

    internal void AddResetToken(in StatelessResetToken token, Connection connection) => _resetTokens[token] = connection;

    internal void RemoveResetToken(in StatelessResetToken token) => _resetTokens.Remove(token);

    internal void OnHandshakeEnded() => _pendingHandshakes--;

    private bool TryTakeFrom(Connection connection, long now, Span<byte> buffer, out Transmit transmit)
    {
        while (true)
        {
            try
            {
                return connection.TryTakeTransmit(now, buffer, _options.MaxSegments, out transmit);
            }
            catch (Exception exception) when (connection.TryFault(now, exception))
            {
                // Our own bug costs this one connection. It has another turn to say so, and after a second fault nothing more to send.
            }
        }
    }

    // Everything that was to be sent is sent: what remains is to wait, or to forget a connection that has drained.
    private void Settle(Connection connection)
    {
        QueueIfReady(connection);
        if (connection.IsDrained)
        {
            Forget(connection);
            return;
        }
        _timers.Set(connection, connection.NextTimeout);
    }

    private void Forget(Connection connection)
    {
        if (!_connections.Remove(connection))
        {
            return;
        }
        _timers.Set(connection, long.MaxValue);
        connection.Forget();
    }

    private void QueueIfReady(Connection connection)
    {
        if (connection.HasEvents && !connection.IsQueuedReady)
        {
            connection.IsQueuedReady = true;
            _ready.Enqueue(connection);
        }
    }

    private byte[] KeyOf(ReadOnlyMemory<byte>? given)
    {
        if (given is { Length: not 32 })
        {
            throw new ArgumentException("An endpoint's key is 32 bytes long.", nameof(given));
        }
        byte[] key = given?.ToArray() ?? new byte[32];
        if (given is null)
        {
            _random.Fill(key);
        }
        return key;
    }
}
