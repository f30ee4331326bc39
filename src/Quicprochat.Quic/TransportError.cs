namespace Quicprochat.Quic;

/// <summary>
/// A peer's offence against QUIC, as a value: below Transport nothing a peer sends is answered by an exception.
/// Null stands for "all is well" where a method returns <c>TransportError?</c>.
/// </summary>
/// <param name="Code">The code sent in CONNECTION_CLOSE; CRYPTO_ERROR values are <c>0x0100 + alert</c>.</param>
/// <param name="FrameType">The type of the frame at fault, 0 when unknown.</param>
/// <param name="Reason">A sentence a person understands. Constant text: it holds nothing a peer sent.</param>
public readonly record struct TransportError(TransportErrorCode Code, long FrameType, string Reason)
{
    /// <summary>CRYPTO_ERROR for a TLS alert (RFC 9001 §4.8).</summary>
    public static TransportError FromAlert(byte alert, string reason) =>
        new((TransportErrorCode)((long)TransportErrorCode.CryptoError + alert), 0x06, reason);
}
