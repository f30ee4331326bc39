using Quicprochat.Server.Storage.Changes;

namespace Quicprochat.Server.Storage.Memory;

/// <summary>Everything in memory, for tests of what stands on a store, and for simulations: it uses no thread of its own, and every call is done when it returns.</summary>
/// <param name="limits">Bounds.</param>
internal sealed partial class MemoryStore(StoreLimits? limits = null) : IServerStore
{
    private readonly Lock _gate = new();
    private readonly StoreLimits _limits = limits ?? new StoreLimits();
    private readonly Dictionary<string, MemoryAccount> _accounts = [];
    private readonly Dictionary<DeviceAddress, MemoryDevice> _devices = [];
    private readonly List<MemoryDevice> _numbered = [];
    private readonly Dictionary<GroupId, MemoryGroup> _groups = [];
    private readonly Dictionary<Digest, Invite> _invites = [];
    private readonly MailboxHub _mailboxes = new();
    private readonly ChangeHub _changes = new();
    private bool _closed;

    /// <inheritdoc/>
    public IChangeReader OpenChanges() => _changes.Open();

    /// <inheritdoc/>
    public ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken) => Do(
        () => new StoreFigures
        {
            Accounts = _accounts.Count,
            Devices = _numbered.Count(device => device.Listed is not null),
            Groups = _groups.Count,
            Messages = _numbered.SelectMany(device => device.Mailbox.Values).Distinct(ReferenceEqualityComparer.Instance).Count(),
            BlobBytes = _groups.Values.SelectMany(group => group.Blobs.Values).Sum(blob => blob.Bytes.Length),
            DiskBytes = 0,
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }
        return ValueTask.CompletedTask;
    }

    private ValueTask<T> Do<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }
        lock (_gate)
        {
            return _closed
                ? ValueTask.FromException<T>(new StorageException(StorageFault.Closed, "The store is closed."))
                : ValueTask.FromResult(work());
        }
    }

    private MemoryDevice? Active(DeviceAddress address) => _devices.GetValueOrDefault(address) is { Listed: not null } device ? device : null;

    private int? Find(DeviceAddress address, bool activeOnly) =>
        _devices.GetValueOrDefault(address) is { } device && (!activeOnly || device.Listed is not null) ? device.Number : null;
}
