namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>One row for each transaction that somebody may wait for, so that instances tell each other. Only the newest rows are kept.</summary>
/// <param name="database">The connection.</param>
/// <param name="origin">The number of this instance.</param>
internal sealed class ChangeTable(Database database, long origin)
{
    private const int KeptMax = 1024;
    private const int TrimEvery = 64;

    private int _untrimmed;

    /// <summary>Writes the row of this transaction.</summary>
    public void Write(Notices notices)
    {
        database.Use("INSERT INTO change (origin, bytes) VALUES (?, ?)").Bind(1, origin).Bind(2, NoticeCodec.Write(notices)).Run();
        if (++_untrimmed == TrimEvery)
        {
            _untrimmed = 0;
            database.Use("DELETE FROM change WHERE id <= (SELECT max(id) FROM change) - ?").Bind(1, KeptMax).Run();
        }
    }
}
