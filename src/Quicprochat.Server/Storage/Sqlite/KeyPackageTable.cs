using System.Buffers.Binary;

namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Key packages. One that was handed out stays as a row without bytes until it expires, so that it is not taken in again.</summary>
/// <param name="database">The connection.</param>
internal sealed class KeyPackageTable(Database database)
{
    /// <summary>Keeps packages of a device, all or none.</summary>
    public UploadStatus Upload(int device, IReadOnlyList<NewKeyPackage> packages, int countMax, long nowMs)
    {
        List<(NewKeyPackage Package, UInt128 Digest)> news =
        [
            .. packages.Where(package => !package.IsLastResort)
                .Select(package => (Package: package, Digest: DigestOf(package))).DistinctBy(item => item.Digest).Where(item => !Has(device, item.Digest)),
        ];
        foreach (IGrouping<int, (NewKeyPackage Package, UInt128 Digest)> suite in news.GroupBy(item => item.Package.CipherSuite))
        {
            if (Count(device, suite.Key, nowMs) + suite.Count() > countMax)
            {
                return UploadStatus.Full;
            }
        }
        foreach ((NewKeyPackage package, UInt128 digest) in news)
        {
            database.Use("INSERT INTO key_package (device, suite, digest, expires_ms, bytes) VALUES (?, ?, ?, ?, ?)")
                .Bind(1, device).Bind(2, package.CipherSuite).BindId(3, digest).Bind(4, package.ExpiresMs).Bind(5, package.Bytes.Span).Run();
        }
        foreach (NewKeyPackage package in packages.Where(package => package.IsLastResort))
        {
            database.Use("""
                INSERT INTO last_resort (device, suite, expires_ms, used, bytes) VALUES (?, ?, ?, 0, ?) ON CONFLICT (device, suite)
                DO UPDATE SET expires_ms = excluded.expires_ms, used = used AND bytes = excluded.bytes, bytes = excluded.bytes
                """).Bind(1, device).Bind(2, package.CipherSuite).Bind(3, package.ExpiresMs).Bind(4, package.Bytes.Span).Run();
        }
        return UploadStatus.Stored;
    }

    /// <summary>Hands one out, or null.</summary>
    public TakenKeyPackage? Take(int device, DeviceId id, int suite, long nowMs)
    {
        Statement oldest = database.Use("""
            SELECT id, bytes FROM key_package WHERE device = ? AND suite = ? AND bytes IS NOT NULL AND expires_ms > ? ORDER BY id LIMIT 1
            """).Bind(1, device).Bind(2, suite).Bind(3, nowMs);
        if (oldest.Read())
        {
            long row = oldest.Int64(0);
            byte[] bytes = oldest.Bytes(1).ToArray();
            oldest.Reset();
            database.Use("UPDATE key_package SET bytes = NULL WHERE id = ?").Bind(1, row).Run();
            return new TakenKeyPackage(id, bytes, IsLastResort: false, Count(device, suite, nowMs));
        }
        Statement last = database.Use("SELECT bytes, used FROM last_resort WHERE device = ? AND suite = ? AND expires_ms > ?")
            .Bind(1, device).Bind(2, suite).Bind(3, nowMs);
        if (!last.Read())
        {
            return null;
        }
        var taken = new TakenKeyPackage(id, last.Bytes(0).ToArray(), IsLastResort: true, CountLeft: 0);
        bool used = last.Flag(1);
        last.Reset();
        if (!used)
        {
            database.Use("UPDATE last_resort SET used = 1 WHERE device = ? AND suite = ?").Bind(1, device).Bind(2, suite).Run();
        }
        return taken;
    }

    /// <summary>The stock of a device.</summary>
    public List<StoredStock> ReadStock(int device, long nowMs)
    {
        var stock = new SortedDictionary<int, StoredStock>();
        Statement counts = database.Use("SELECT suite, count(*) FROM key_package WHERE device = ? AND bytes IS NOT NULL AND expires_ms > ? GROUP BY suite")
            .Bind(1, device).Bind(2, nowMs);
        while (counts.Read())
        {
            stock[counts.Int32(0)] = new StoredStock(counts.Int32(0), counts.Int32(1), HasLastResort: false, LastResortUsed: false);
        }
        Statement lasts = database.Use("SELECT suite, used FROM last_resort WHERE device = ? AND expires_ms > ?").Bind(1, device).Bind(2, nowMs);
        while (lasts.Read())
        {
            int count = stock.TryGetValue(lasts.Int32(0), out StoredStock known) ? known.Count : 0;
            stock[lasts.Int32(0)] = new StoredStock(lasts.Int32(0), count, HasLastResort: true, lasts.Flag(1));
        }
        return [.. stock.Values];
    }

    /// <summary>Drops all of a device.</summary>
    public void Drop(int device)
    {
        database.Use("DELETE FROM key_package WHERE device = ?").Bind(1, device).Run();
        database.Use("DELETE FROM last_resort WHERE device = ?").Bind(1, device).Run();
    }

    /// <summary>Drops some that expired.</summary>
    /// <returns>How many; 0 when none is left.</returns>
    public int DropExpired(long nowMs, int limit) =>
        database.Use("DELETE FROM key_package WHERE id IN (SELECT id FROM key_package WHERE expires_ms <= ? LIMIT ?)").Bind(1, nowMs).Bind(2, limit).Run()
        + database.Use("DELETE FROM last_resort WHERE expires_ms <= ?").Bind(1, nowMs).Run();

    private static UInt128 DigestOf(NewKeyPackage package)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        Digest.Of(package.Bytes.Span).CopyTo(hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private bool Has(int device, UInt128 digest)
    {
        Statement rows = database.Use("SELECT 1 FROM key_package WHERE device = ? AND digest = ?").Bind(1, device).BindId(2, digest);
        bool has = rows.Read();
        rows.Reset();
        return has;
    }

    private int Count(int device, int suite, long nowMs)
    {
        Statement rows = database.Use("SELECT count(*) FROM key_package WHERE device = ? AND suite = ? AND bytes IS NOT NULL AND expires_ms > ?")
            .Bind(1, device).Bind(2, suite).Bind(3, nowMs);
        int count = rows.Read() ? rows.Int32(0) : 0;
        rows.Reset();
        return count;
    }
}
