namespace Quicprochat.Rpc.Connections;

/// <summary>The connection could not be made, or has ended. Its message is a sentence for people.</summary>
public sealed class RpcConnectionException(RpcConnectionError error, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Why.</summary>
    public RpcConnectionError Error => error;

    /// <summary>The code the peer closed with, if it gave one.</summary>
    public CloseCode? PeerCode { get; init; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of the certificate that was shown and not accepted; empty otherwise.</summary>
    public ReadOnlyMemory<byte> ShownKeyHash { get; init; }
}
