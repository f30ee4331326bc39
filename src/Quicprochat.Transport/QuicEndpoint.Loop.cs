using System.Net;
using Quicprochat.Quic;
using Quicprochat.Transport.Loop;
using Quicprochat.Transport.Sockets;

namespace Quicprochat.Transport;

// What the loop does with the endpoint. All of it runs on the loop's thread, but for what says otherwise.
public sealed partial class QuicEndpoint : ILoopOwner
{
    private readonly HashSet<QuicConnection> _connections = [];
    private readonly AddressTokens _addressTokens = new(capacity: 256);
    private readonly Lock _listenersLock = new();

    /// <summary>Replaced as a whole when a listener comes or goes.</summary>
    private volatile QuicListener[] _listeners = [];

    /// <summary>From any thread.</summary>
    internal async ValueTask<QuicListener> ListenCoreAsync(QuicListenerOptions options, bool ownsEndpoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var listener = new QuicListener(this, options, ownsEndpoint);
        lock (_listenersLock)
        {
            if (_listeners.Any(other => other.ApplicationProtocols.Intersect(listener.ApplicationProtocols).Any()))
            {
                throw new QuicException(QuicError.AlpnInUse, null, "Another listener of this endpoint takes one of these application protocols.");
            }
            _listeners = [.. _listeners, listener];
        }
        await UpdateListeningAsync();
        Log.Listening(_log, LocalEndPoint, string.Join(", ", listener.ApplicationProtocols));
        return listener;
    }

    /// <summary>From any thread.</summary>
    internal void RemoveListener(QuicListener listener)
    {
        lock (_listenersLock)
        {
            _listeners = [.. _listeners.Where(other => other != listener)];
        }
        _ = UpdateListeningAsync();
    }

    internal void Add(QuicConnection connection)
    {
        if (_connections.Add(connection))
        {
            // Someone has the endpoint open while a connection begins: there is a lease to join.
            TryJoin();
        }
    }

    internal void Remove(QuicConnection connection)
    {
        if (_connections.Remove(connection))
        {
            Leave();
        }
    }

    /// <summary>What an earlier connection to the same server left.</summary>
    internal ReadOnlyMemory<byte>? TakeAddressToken(string host, IPEndPoint remote) => _addressTokens.Take(host, Address.From(remote));

    internal void KeepAddressToken(string host, IPEndPoint remote, ReadOnlyMemory<byte> token) => _addressTokens.Put(host, Address.From(remote), token);

    /// <summary>A ClientHello goes to the listener that takes one of its protocols.</summary>
    internal void HandleHello(long now, QuicConnection connection)
    {
        ClientHelloInfo hello = connection.Core.Hello!;
        QuicListener? listener = _listeners.FirstOrDefault(listener => listener.Takes(hello));
        if (listener is null)
        {
            // no_application_protocol (RFC 9001 §8.1).
            connection.RefuseHello(now, TransportErrorCode.CryptoError + 120, "no application protocol in common");
        }
        else if (!listener.TryReserve())
        {
            connection.RefuseHello(now, TransportErrorCode.ConnectionRefused, "too many connections wait to be accepted");
        }
        else
        {
            connection.BeginHello(listener);
        }
    }

    QuicConnection ILoopOwner.HandleNew(Connection core)
    {
        var connection = new QuicConnection(this, core);
        core.Tag = connection;
        Add(connection);
        return connection;
    }

    void ILoopOwner.HandleEnd()
    {
        foreach (QuicConnection connection in _connections)
        {
            connection.HandleEndOfLoop();
        }
        _connections.Clear();
    }

    /// <summary>The last turn: what it closes is still sent.</summary>
    private void CloseEverything(long now)
    {
        foreach (QuicConnection connection in _connections)
        {
            connection.CloseByDefault(now);
        }
        Loop.Stop();
    }

    private void Rebind(long now, IUdpSocket socket, TaskCompletionSource done)
    {
        Loop.Replace(socket);
        _addressTokens.Clear();
        Log.Rebound(_log, LocalEndPoint);
        Address local = SocketAddresses.IsUnspecified(socket.LocalAddress) ? default : socket.LocalAddress;
        foreach (QuicConnection connection in _connections)
        {
            connection.Core.HandleLocalAddressChanged(now, in local);
        }
        done.TrySetResult();
    }

    private static void AbandonRebind(IUdpSocket socket, TaskCompletionSource done)
    {
        socket.Dispose();
        done.TrySetException(new ObjectDisposedException(nameof(QuicEndpoint)));
    }

    private async Task UpdateListeningAsync()
    {
        var done = new TaskCompletionSource(Loop.Continuations);
        Loop.Post(new LoopAction(null, Update, () => done.TrySetException(new ObjectDisposedException(nameof(QuicEndpoint)))));
        await done.Task;

        void Update(long now)
        {
            Loop.Core.AcceptsConnections = _listeners.Length > 0;
            done.TrySetResult();
        }
    }
}
