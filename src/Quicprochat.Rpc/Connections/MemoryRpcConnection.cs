using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace Quicprochat.Rpc.Connections;

/// <summary>One end of a connection in memory, for tests and for a client in the same process as its server. It keeps to what QUIC does: order, ends, aborts, flow control, closing.</summary>
public sealed class MemoryRpcConnection : IRpcConnection
{
    /// <summary>Streams of each kind that may wait to be accepted.</summary>
    private const int BacklogMax = 100;

    private readonly Channel<IRpcStream> _incoming = Channel.CreateBounded<IRpcStream>(BacklogMax);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly byte[] _secret;
    private MemoryRpcConnection _peer = null!;
    private RpcConnectionException? _end;

    private MemoryRpcConnection(byte[] secret, ReadOnlyMemory<byte> serverKeyHash, string protocol)
    {
        _secret = secret;
        ServerKeyHash = serverKeyHash;
        Protocol = protocol;
    }

    /// <inheritdoc/>
    public string Protocol { get; }

    /// <inheritdoc/>
    public string RemoteAddress => "memory";

    /// <inheritdoc/>
    public string Security => "memory";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ServerKeyHash { get; }

    /// <inheritdoc/>
    public Task Closed => _closed.Task;

    /// <summary>Cancelled at the end.</summary>
    internal CancellationToken EndedToken => _ended.Token;

    /// <summary>Two ends of a new connection.</summary>
    /// <param name="serverKeyHash">What both ends give as <see cref="ServerKeyHash"/>; 32 zero bytes when null.</param>
    /// <param name="protocol">What both ends give as <see cref="Protocol"/>.</param>
    public static (MemoryRpcConnection Client, MemoryRpcConnection Server) CreatePair(ReadOnlyMemory<byte>? serverKeyHash = null, string protocol = "qpc/1")
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        ReadOnlyMemory<byte> hash = serverKeyHash ?? new byte[32];
        var client = new MemoryRpcConnection(secret, hash, protocol);
        var server = new MemoryRpcConnection(secret, hash, protocol) { _peer = client };
        client._peer = server;
        return (client, server);
    }

    /// <inheritdoc/>
    public async ValueTask<IRpcStream> OpenStreamAsync(bool bidirectional, CancellationToken cancellationToken = default)
    {
        var there = new MemoryPipe(this, _peer);
        MemoryPipe? back = bidirectional ? new MemoryPipe(_peer, this) : null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            await _peer._incoming.Writer.WriteAsync(new MemoryRpcStream(read: there, write: back), either.Token);
            return new MemoryRpcStream(read: back, write: there);
        }
        catch (Exception e) when (e is ChannelClosedException || _ended.IsCancellationRequested)
        {
            throw EndOf();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IRpcStream> AcceptStreamAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _incoming.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw EndOf();
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> ExportKeyingMaterialAsync(string label, int length, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<byte[]?>(HKDF.Expand(HashAlgorithmName.SHA256, _secret, length, Encoding.ASCII.GetBytes(label)));

    /// <inheritdoc/>
    public ValueTask CloseAsync(CloseCode code, string reason)
    {
        End(new RpcConnectionException(RpcConnectionError.ClosedHere, "The connection was closed by this end."));
        _peer.End(new RpcConnectionException(RpcConnectionError.ClosedByPeer, $"The peer closed the connection: {reason}") { PeerCode = code });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync(CloseCode.None, "");

    /// <summary>An exception of its own for everybody who asks.</summary>
    internal RpcConnectionException EndOf() => new(_end?.Error ?? RpcConnectionError.Lost, _end?.Message ?? "The connection was lost.") { PeerCode = _end?.PeerCode };

    private void End(RpcConnectionException end)
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                return;
            }
            _end = end;
        }
        _incoming.Writer.TryComplete();
        _ended.Cancel();
        _closed.TrySetResult();
    }
}
