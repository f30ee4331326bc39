using Quicprochat.Server.Storage;
using Quicprochat.Server.Storage.Sqlite;

namespace Quicprochat.Server.Tests.Storage;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly TestFolder _folder = new();

    private protected override IServerStore Open() => SqliteStore.Open(new SqliteStoreOptions { Path = _folder.Database });

    private protected override void Close() => _folder.Dispose();
}
