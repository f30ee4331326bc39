namespace Quicprochat.Quic.Tls;

/// <summary>Takes secrets for debugging with packet captures, in the form of SSLKEYLOGFILE.</summary>
public interface IKeyLog
{
    /// <summary>One secret.</summary>
    /// <param name="label">As <c>CLIENT_HANDSHAKE_TRAFFIC_SECRET</c>.</param>
    /// <param name="clientRandom">The ClientHello's 32 random bytes.</param>
    /// <param name="secret">The secret; not kept by the caller after the call.</param>
    void Write(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret);
}
