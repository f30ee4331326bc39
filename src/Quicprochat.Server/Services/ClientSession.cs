using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>What the server knows of one connection.</summary>
internal sealed class ClientSession : IRpcSession
{
    private readonly Lock _lock = new();
    private TokenBucket _calls;
    private byte[]? _nonce;
    private int _failures;
    private int _refusals;
    private bool _revoked;
    private MailboxPump? _pump;
    private NoticeSender? _notices;

    /// <summary>A connection that is nobody's yet.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="calls">How often it may call until it is a device's.</param>
    public ClientSession(IRpcConnection connection, TokenBucket calls)
    {
        Connection = connection;
        _calls = calls;
    }

    /// <summary>The connection.</summary>
    public IRpcConnection Connection { get; }

    /// <summary>Its calls and pushes; set before it serves.</summary>
    public RpcServerConnection<ClientSession> Rpc { get; set; } = null!;

    /// <inheritdoc/>
    public bool IsAuthenticated { get; private set; }

    /// <summary>Whose connection it is, once <see cref="IsAuthenticated"/>.</summary>
    public DeviceAddress Device { get; private set; }

    /// <summary>The device was told that its key packages are few; false again when it brought some.</summary>
    public bool KnowsLowStock { get; set; }

    /// <summary>The connection is this device's from now on; false when the device was revoked in the meantime.</summary>
    public bool TryBecome(DeviceAddress device, TokenBucket calls)
    {
        lock (_lock)
        {
            if (_revoked)
            {
                return false;
            }
            Device = device;
            _calls = calls;
            IsAuthenticated = true;
            return true;
        }
    }

    /// <summary>The device may do nothing any more.</summary>
    public void Revoke()
    {
        lock (_lock)
        {
            _revoked = true;
            IsAuthenticated = false;
        }
    }

    /// <summary>Takes a call's token; when there is none, says how long to wait, and how many calls were refused.</summary>
    public bool TryCall(out TimeSpan wait, out int refusals)
    {
        bool taken = _calls.TryTake(out wait);
        refusals = taken ? 0 : Interlocked.Increment(ref _refusals);
        return taken;
    }

    /// <summary>Keeps a nonce for the next authentication in place of the one before.</summary>
    public void SetNonce(byte[] nonce) => Interlocked.Exchange(ref _nonce, nonce);

    /// <summary>The nonce, which is good for one attempt; null when there is none.</summary>
    public byte[]? TakeNonce() => Interlocked.Exchange(ref _nonce, null);

    /// <summary>Counts an authentication that failed.</summary>
    public int CountFailure() => Interlocked.Increment(ref _failures);

    /// <summary>Pushes the mailbox from now on, in place of the subscription before.</summary>
    public void Replace(MailboxPump? pump) => Interlocked.Exchange(ref _pump, pump)?.Dispose();

    /// <summary>Pushes something small without waiting for it; when the client reads nothing for long, the oldest go.</summary>
    public void Notify(Notice notice)
    {
        NoticeSender sender = LazyInitializer.EnsureInitialized(ref _notices, () => new NoticeSender(Rpc));
        sender.Post(notice);
    }

    /// <summary>Nothing is pushed any more.</summary>
    public void End()
    {
        Replace(null);
        Volatile.Read(ref _notices)?.Dispose();
    }
}
