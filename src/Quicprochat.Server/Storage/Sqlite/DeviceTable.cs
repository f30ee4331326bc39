namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Devices, known by small numbers in all other tables.</summary>
/// <param name="database">The connection.</param>
/// <param name="isWriter">Nobody else writes without <see cref="Forget"/> being called.</param>
internal sealed class DeviceTable(Database database, bool isWriter)
{
    private const int RememberedMax = 200_000;

    private readonly Dictionary<DeviceAddress, int> _numbers = [];
    private readonly Dictionary<int, DeviceAddress> _addresses = [];
    private readonly Dictionary<int, DeviceRow> _rows = [];

    /// <summary>The number of a device that is or was on its account's list, or null.</summary>
    public int? FindNumber(DeviceAddress address)
    {
        if (_numbers.TryGetValue(address, out int number))
        {
            return number;
        }
        Statement rows = database.Use("SELECT d.id FROM device d JOIN account a ON a.id = d.account WHERE a.name = ? AND d.device_id = ?")
            .Bind(1, address.Account).BindId(2, address.Id.Value);
        if (!rows.Read())
        {
            return null;
        }
        number = rows.Int32(0);
        rows.Reset();
        Bound(_numbers);
        _numbers.Add(address, number);
        return number;
    }

    /// <summary>The number of a device that is on its account's newest list, or null.</summary>
    public int? FindActive(DeviceAddress address) => FindNumber(address) is int number && IsActive(number) ? number : null;

    /// <summary>As <see cref="Rules.AppendRules.Apply"/> asks.</summary>
    public int? Find(DeviceAddress address, bool activeOnly) => activeOnly ? FindActive(address) : FindNumber(address);

    /// <summary>True when the device is on its account's newest list.</summary>
    public bool IsActive(int number)
    {
        if (isWriter)
        {
            return Row(number).IsActive;
        }
        Statement rows = database.Use("SELECT active FROM device WHERE id = ?").Bind(1, number);
        bool active = rows.Read() && rows.Flag(0);
        rows.Reset();
        return active;
    }

    /// <summary>The address of a device.</summary>
    public DeviceAddress Address(int number)
    {
        if (_addresses.TryGetValue(number, out DeviceAddress address))
        {
            return address;
        }
        Statement rows = database.Use("SELECT a.name, d.device_id FROM device d JOIN account a ON a.id = d.account WHERE d.id = ?").Bind(1, number);
        address = rows.Read()
            ? new DeviceAddress(rows.Text(0), new DeviceId(rows.UInt128(1)))
            : throw new StorageException(StorageFault.Damaged, $"The database {database.Path} names a device that it does not have. Restore a backup.");
        rows.Reset();
        Bound(_addresses);
        _addresses.Add(number, address);
        return address;
    }

    /// <summary>What the writer remembers of a device.</summary>
    public DeviceRow Row(int number)
    {
        if (_rows.TryGetValue(number, out DeviceRow? row))
        {
            return row;
        }
        Statement rows = database.Use("SELECT active FROM device WHERE id = ?").Bind(1, number);
        bool active = rows.Read() && rows.Flag(0);
        rows.Reset();
        row = new DeviceRow(active, State(number).Newest);
        Bound(_rows);
        _rows.Add(number, row);
        return row;
    }

    /// <summary>How far a mailbox is. The newest number is not kept: what lies in the mailbox, was acknowledged, or was lost, tells it.</summary>
    public MailboxState State(int number)
    {
        Statement rows = database.Use("SELECT acknowledged, lost, (SELECT max(seq) FROM mailbox WHERE device = ?1) FROM mailbox_state WHERE device = ?1").Bind(1, number);
        if (!rows.Read())
        {
            return default;
        }
        long acknowledged = rows.Int64(0);
        long lost = rows.Int64(1);
        long newest = Math.Max(rows.Int64(2), Math.Max(acknowledged, lost));
        rows.Reset();
        return new MailboxState(newest, acknowledged, lost);
    }

    /// <summary>Forgets one device.</summary>
    public void ForgetRow(int number) => _rows.Remove(number);

    /// <summary>Forgets all that can change, and what a transaction that was taken back may have made.</summary>
    public void Forget()
    {
        _numbers.Clear();
        _addresses.Clear();
        _rows.Clear();
    }

    private static void Bound<TKey, TValue>(Dictionary<TKey, TValue> remembered)
        where TKey : notnull
    {
        if (remembered.Count >= RememberedMax)
        {
            remembered.Clear();
        }
    }
}
