using Quicprochat.Server.Storage;
using Quicprochat.Server.Storage.Memory;

namespace Quicprochat.Server.Tests.Storage;

public sealed class MemoryStoreTests : StoreContract
{
    private protected override IServerStore Open() => new MemoryStore();
}
