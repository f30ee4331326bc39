using Quicprochat.Rpc.Connections;

namespace Quicprochat.Server.Tests;

/// <summary>A connection that seems to come from elsewhere.</summary>
internal class ConnectionFrom(IRpcConnection inner, string remoteAddress) : IRpcConnection
{
    public string Protocol => inner.Protocol;

    public string RemoteAddress => remoteAddress;

    public string Security => inner.Security;

    public ReadOnlyMemory<byte> ServerKeyHash => inner.ServerKeyHash;

    public Task Closed => inner.Closed;

    public ValueTask<IRpcStream> OpenStreamAsync(bool bidirectional, CancellationToken cancellationToken) => inner.OpenStreamAsync(bidirectional, cancellationToken);

    public ValueTask<IRpcStream> AcceptStreamAsync(CancellationToken cancellationToken) => inner.AcceptStreamAsync(cancellationToken);

    public virtual ValueTask<byte[]?> ExportKeyingMaterialAsync(string label, int length, CancellationToken cancellationToken) => inner.ExportKeyingMaterialAsync(label, length, cancellationToken);

    public ValueTask CloseAsync(CloseCode code, string reason) => inner.CloseAsync(code, reason);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
