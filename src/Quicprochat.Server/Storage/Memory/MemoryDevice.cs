namespace Quicprochat.Server.Storage.Memory;

/// <summary>A device and its mailbox.</summary>
/// <param name="number">The store's number of it.</param>
/// <param name="address">Its address.</param>
internal sealed class MemoryDevice(int number, DeviceAddress address)
{
    /// <summary>The store's number of it.</summary>
    public int Number { get; } = number;

    /// <summary>Its address.</summary>
    public DeviceAddress Address { get; } = address;

    /// <summary>As the newest list that has it says; null when the newest of all does not.</summary>
    public ListedDevice? Listed { get; set; }

    /// <summary>The mailbox.</summary>
    public SortedList<long, StoredMessage> Mailbox { get; } = [];

    /// <summary>How far it is.</summary>
    public MailboxState State { get; set; }

    /// <summary>Key packages that came, those that were handed out with no bytes left.</summary>
    public List<MemoryKeyPackage> KeyPackages { get; } = [];

    /// <summary>The last resorts by suite.</summary>
    public SortedDictionary<int, MemoryKeyPackage> LastResorts { get; } = [];
}
