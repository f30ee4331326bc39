using Quicprochat.Server.Storage;
using Quicprochat.Server.Storage.Sqlite;

namespace Quicprochat.Server.Tests.Storage;

/// <summary>Two instances on one database: each call goes to the other one.</summary>
public sealed class TwoSqliteStoresTests : StoreContract
{
    private readonly TestFolder _folder = new();

    private protected override IServerStore Open()
    {
        var options = new SqliteStoreOptions { Path = _folder.Database, PollInterval = TimeSpan.FromMilliseconds(5) };
        return new AlternatingStore(SqliteStore.Open(options), SqliteStore.Open(options));
    }

    private protected override void Close() => _folder.Dispose();
}
