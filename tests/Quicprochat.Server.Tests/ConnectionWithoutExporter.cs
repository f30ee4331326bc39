using Quicprochat.Rpc.Connections;

namespace Quicprochat.Server.Tests;

/// <summary>A connection as a browser's: no key can be exported.</summary>
internal sealed class ConnectionWithoutExporter(IRpcConnection inner) : ConnectionFrom(inner, "browser")
{
    public override ValueTask<byte[]?> ExportKeyingMaterialAsync(string label, int length, CancellationToken cancellationToken) => ValueTask.FromResult<byte[]?>(null);
}
