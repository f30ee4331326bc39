namespace Quicprochat.Rpc.Connections;

/// <summary>
/// What calls and pushes need of a connection: streams of bytes, a binding to its keys, an end. QUIC's adapter is <see cref="QuicRpcConnection"/>; a pair in memory is made by
/// <c>MemoryRpcConnection.CreatePair</c>. Every member throws <see cref="RpcConnectionException"/> once the connection has ended.
/// </summary>
public interface IRpcConnection : IAsyncDisposable
{
    /// <summary>The application protocol agreed on: <c>qpc/1</c>.</summary>
    string Protocol { get; }

    /// <summary>The peer, for people who read logs.</summary>
    string RemoteAddress { get; }

    /// <summary>The key exchange and cipher that protect the connection, for people: <c>X25519MLKEM768, TLS_AES_128_GCM_SHA256</c>.</summary>
    string Security { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of the server's certificate, 32 bytes.</summary>
    ReadOnlyMemory<byte> ServerKeyHash { get; }

    /// <summary>Completes when the connection has ended, for whatever reason; never fails.</summary>
    Task Closed { get; }

    /// <summary>Opens a stream; waits while the peer allows no more.</summary>
    ValueTask<IRpcStream> OpenStreamAsync(bool bidirectional, CancellationToken cancellationToken = default);

    /// <summary>Waits for a stream the peer opens.</summary>
    ValueTask<IRpcStream> AcceptStreamAsync(CancellationToken cancellationToken = default);

    /// <summary>Key material that only the two ends can derive (RFC 9846 §7.5), or null when the connection cannot give any.</summary>
    ValueTask<byte[]?> ExportKeyingMaterialAsync(string label, int length, CancellationToken cancellationToken = default);

    /// <summary>Ends the connection with a code of <see cref="CloseCode"/> and words for the peer.</summary>
    ValueTask CloseAsync(CloseCode code, string reason);
}
