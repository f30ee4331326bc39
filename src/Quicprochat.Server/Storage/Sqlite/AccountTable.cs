namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Accounts, device lists, invitations.</summary>
/// <param name="database">The connection.</param>
/// <param name="devices">The devices.</param>
internal sealed class AccountTable(Database database, DeviceTable devices)
{
    private const string Columns = "SELECT a.name, a.key, l.version, l.list, l.signature FROM account a JOIN device_list l ON l.account = a.id AND l.version = a.version ";

    /// <summary>The number of an account, or null.</summary>
    public int? FindNumber(string account)
    {
        Statement rows = database.Use("SELECT id FROM account WHERE name = ?").Bind(1, account);
        return rows.Read() ? rows.Int32(0) : null;
    }

    /// <summary>The name of an account.</summary>
    public string Name(int number)
    {
        Statement rows = database.Use("SELECT name FROM account WHERE id = ?").Bind(1, number);
        return rows.Read() ? rows.Text(0) : "";
    }

    /// <summary>The account, or null.</summary>
    public AccountRecord? Find(string account) => Record(database.Use(Columns + "WHERE a.name = ?").Bind(1, account));

    /// <summary>The account with this key, or null.</summary>
    public AccountRecord? FindByKey(ReadOnlySpan<byte> key) => Record(database.Use(Columns + "WHERE a.key = ?").Bind(1, key));

    /// <summary>Versions of the list.</summary>
    public List<SignedList>? ReadLists(string account, long fromVersion, int limit)
    {
        if (FindNumber(account) is not int number)
        {
            return null;
        }
        Statement rows = database.Use("SELECT version, list, signature FROM device_list WHERE account = ? AND version >= ? ORDER BY version LIMIT ?")
            .Bind(1, number).Bind(2, fromVersion).Bind(3, limit);
        var lists = new List<SignedList>();
        while (rows.Read())
        {
            lists.Add(Signed(rows, 0));
        }
        return lists;
    }

    /// <summary>A device of the newest list, or null.</summary>
    public DeviceRecord? FindDevice(DeviceAddress address)
    {
        if (devices.FindNumber(address) is not int number)
        {
            return null;
        }
        Statement rows = database.Use("SELECT key, not_before, not_after FROM device WHERE id = ? AND active = 1").Bind(1, number);
        return rows.Read()
            ? new DeviceRecord(address, new ListedDevice(address.Id, rows.Bytes(0).ToArray(), rows.Int64(1), rows.Int64(2)), devices.State(number))
            : null;
    }

    /// <summary>Devices on the newest list of an account: their numbers and ids.</summary>
    public List<(int Number, DeviceId Id)> ActiveDevices(int account)
    {
        Statement rows = database.Use("SELECT id, device_id FROM device WHERE account = ? AND active = 1").Bind(1, account);
        var active = new List<(int, DeviceId)>();
        while (rows.Read())
        {
            active.Add((rows.Int32(0), new DeviceId(rows.UInt128(1))));
        }
        return active;
    }

    /// <summary>Registers.</summary>
    public RegisterResult Register(NewDeviceList first, Digest? invite, long nowMs)
    {
        if (FindNumber(first.Account) is int known)
        {
            return HasList(known, first) ? RegisterResult.AlreadyThere : RegisterResult.NameTaken;
        }
        if (FindByKey(first.AccountKey.Span) is not null)
        {
            return RegisterResult.KeyTaken;
        }
        if (invite is Digest code && database.Use("UPDATE invite SET uses_left = uses_left - 1 WHERE code_hash = ? AND uses_left > 0 AND expires_ms > ?")
            .Bind(1, code).Bind(2, nowMs).Run() == 0)
        {
            return RegisterResult.InviteInvalid;
        }
        database.Use("INSERT INTO account (name, key, version) VALUES (?, ?, ?)")
            .Bind(1, first.Account).Bind(2, first.AccountKey.Span).Bind(3, first.Signed.Version).Run();
        int account = FindNumber(first.Account)!.Value;
        Keep(account, first);
        return RegisterResult.Registered;
    }

    /// <summary>Publishes a newer list. The numbers are those of devices it leaves out, which the caller clears away.</summary>
    public (PublishResult Result, int Account, IReadOnlyList<int> Removed) Publish(NewDeviceList list)
    {
        if (Find(list.Account) is not { } record || FindNumber(list.Account) is not int account)
        {
            return (new PublishResult(PublishStatus.AccountUnknown, 0, []), 0, []);
        }
        long newest = record.Newest.Version;
        if (HasList(account, list))
        {
            return (new PublishResult(PublishStatus.AlreadyThere, newest, []), account, []);
        }
        if (list.Signed.Version != newest + 1 || list.PreviousHash != Digest.Of(record.Newest.List.Span) || !record.AccountKey.Span.SequenceEqual(list.AccountKey.Span))
        {
            return (new PublishResult(PublishStatus.DoesNotFollow, newest, []), account, []);
        }
        List<(int Number, DeviceId Id)> before = ActiveDevices(account);
        database.Use("UPDATE account SET version = ? WHERE id = ?").Bind(1, list.Signed.Version).Bind(2, account).Run();
        Keep(account, list);
        List<(int Number, DeviceId Id)> removed = before.FindAll(device => list.Devices.All(listed => listed.Id != device.Id));
        foreach ((int number, _) in removed)
        {
            database.Use("UPDATE device SET active = 0 WHERE id = ?").Bind(1, number).Run();
            devices.ForgetRow(number);
        }
        var result = new PublishResult(PublishStatus.Published, list.Signed.Version, [.. removed.Select(device => new DeviceAddress(list.Account, device.Id))]);
        return (result, account, [.. removed.Select(device => device.Number)]);
    }

    /// <summary>Devices that share a group with a device of the account.</summary>
    public List<DeviceAddress> FindPeers(string account, int limit)
    {
        Statement rows = database.Use("""
            SELECT DISTINCT d.id FROM account a JOIN device own ON own.account = a.id JOIN member mine ON mine.device = own.id
            JOIN member theirs ON theirs.chat = mine.chat JOIN device d ON d.id = theirs.device
            WHERE a.name = ? AND d.active = 1 LIMIT ?
            """).Bind(1, account).Bind(2, limit);
        var peers = new List<DeviceAddress>();
        while (rows.Read())
        {
            peers.Add(devices.Address(rows.Int32(0)));
        }
        return peers;
    }

    /// <summary>Adds an invitation or sets it anew.</summary>
    public void SetInvite(Invite invite) => database.Use("INSERT OR REPLACE INTO invite (code_hash, uses_left, expires_ms) VALUES (?, ?, ?)")
        .Bind(1, invite.CodeHash).Bind(2, invite.Uses).Bind(3, invite.ExpiresMs).Run();

    /// <summary>Takes an invitation back.</summary>
    public bool RemoveInvite(Digest code) => database.Use("DELETE FROM invite WHERE code_hash = ?").Bind(1, code).Run() > 0;

    private static AccountRecord? Record(Statement rows) => rows.Read() ? new AccountRecord(rows.Text(0), rows.Bytes(1).ToArray(), Signed(rows, 2)) : null;

    private static SignedList Signed(Statement rows, int column) =>
        new(rows.Int64(column), rows.Bytes(column + 1).ToArray(), rows.Bytes(column + 2).ToArray());

    private bool HasList(int account, NewDeviceList list)
    {
        Statement rows = database.Use("SELECT hash FROM device_list WHERE account = ? AND version = ?").Bind(1, account).Bind(2, list.Signed.Version);
        bool same = rows.Read() && rows.Digest(0) == Digest.Of(list.Signed.List.Span);
        rows.Reset();
        return same;
    }

    private void Keep(int account, NewDeviceList list)
    {
        database.Use("INSERT INTO device_list (account, version, hash, list, signature) VALUES (?, ?, ?, ?, ?)")
            .Bind(1, account).Bind(2, list.Signed.Version).Bind(3, Digest.Of(list.Signed.List.Span))
            .Bind(4, list.Signed.List.Span).Bind(5, list.Signed.Signature.Span).Run();
        foreach (ListedDevice device in list.Devices)
        {
            database.Use("""
                INSERT INTO device (account, device_id, active, key, not_before, not_after) VALUES (?, ?, 1, ?, ?, ?)
                ON CONFLICT (account, device_id) DO UPDATE SET active = 1, key = excluded.key, not_before = excluded.not_before, not_after = excluded.not_after
                """).Bind(1, account).BindId(2, device.Id.Value).Bind(3, device.Key.Span).Bind(4, device.NotBefore).Bind(5, device.NotAfter).Run();
            int number = devices.FindNumber(new DeviceAddress(list.Account, device.Id))!.Value;
            database.Use("INSERT OR IGNORE INTO mailbox_state (device, acknowledged, lost) VALUES (?, 0, 0)").Bind(1, number).Run();
            devices.ForgetRow(number);
        }
    }
}
