using Quicprochat.Rpc.Connections;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>Which connections are whose, at this server.</summary>
internal sealed class Sessions
{
    private readonly Lock _lock = new();
    private readonly HashSet<ClientSession> _all = [];
    private readonly Dictionary<string, List<ClientSession>> _ofAccount = new(StringComparer.Ordinal);
    private readonly Dictionary<DeviceAddress, ClientSession> _subscribers = [];
    private long _publications;

    /// <summary>Device lists that were published so far: whoever reads a device before it is authenticated looks again when this has changed.</summary>
    public long Publications => Interlocked.Read(ref _publications);

    /// <summary>A device list was published: devices that authenticate just now look again.</summary>
    public void CountPublication() => Interlocked.Increment(ref _publications);

    /// <summary>Takes a connection in; false when there are as many as may be.</summary>
    public bool TryAdd(ClientSession session, int most)
    {
        lock (_lock)
        {
            return _all.Count < most && _all.Add(session);
        }
    }

    /// <summary>The connection became its device's.</summary>
    public void AddDevice(ClientSession session)
    {
        lock (_lock)
        {
            if (!_ofAccount.TryGetValue(session.Device.Account, out List<ClientSession>? sessions))
            {
                _ofAccount.Add(session.Device.Account, sessions = []);
            }
            if (!sessions.Contains(session))
            {
                sessions.Add(session);
            }
        }
    }

    /// <summary>The connection is the one that its device's mailbox goes to; gives the one that was, if it is another.</summary>
    public ClientSession? Subscribe(ClientSession session)
    {
        lock (_lock)
        {
            _subscribers.Remove(session.Device, out ClientSession? before);
            _subscribers.Add(session.Device, session);
            return before == session ? null : before;
        }
    }

    /// <summary>The connection has ended.</summary>
    public void Remove(ClientSession session)
    {
        lock (_lock)
        {
            _all.Remove(session);
            if (session.Device.Account is { } account && _ofAccount.TryGetValue(account, out List<ClientSession>? sessions) && sessions.Remove(session))
            {
                if (sessions.Count == 0)
                {
                    _ofAccount.Remove(account);
                }
                if (_subscribers.TryGetValue(session.Device, out ClientSession? subscriber) && subscriber == session)
                {
                    _subscribers.Remove(session.Device);
                }
            }
        }
    }

    /// <summary>All connections.</summary>
    public ClientSession[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>The accounts that have a connection.</summary>
    public string[] Accounts
    {
        get
        {
            lock (_lock)
            {
                return [.. _ofAccount.Keys];
            }
        }
    }

    /// <summary>The connections of an account's devices.</summary>
    public ClientSession[] Of(string account)
    {
        lock (_lock)
        {
            return _ofAccount.TryGetValue(account, out List<ClientSession>? sessions) ? [.. sessions] : [];
        }
    }

    /// <summary>The connections of a device.</summary>
    public ClientSession[] Of(DeviceAddress device)
    {
        lock (_lock)
        {
            return _ofAccount.TryGetValue(device.Account, out List<ClientSession>? sessions) ? [.. sessions.Where(session => session.Device == device)] : [];
        }
    }

    /// <summary>Cuts a device off.</summary>
    public async ValueTask RevokeAsync(DeviceAddress device)
    {
        foreach (ClientSession session in Of(device))
        {
            session.Revoke();
            session.End();
            await session.Connection.CloseAsync(CloseCode.DeviceRevoked, "The device was removed from its account.");
        }
    }
}
