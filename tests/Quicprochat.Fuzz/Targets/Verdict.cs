using Quicprochat.Quic;

namespace Quicprochat.Fuzz.Targets;

/// <summary>How a connection may end that was given a bad payload.</summary>
internal static class Verdict
{
    /// <summary>By blaming the peer with a code of RFC 9000 §20.1 or a TLS alert, and with a reason; or because the payload held a close. Never by INTERNAL_ERROR.</summary>
    public static void Check(ConnectionClose? reason)
    {
        bool sane = reason switch
        {
            null => true,
            { Kind: CloseKind.PeerApplication or CloseKind.PeerTransport } => true,
            { Kind: CloseKind.LocalTransport } => reason.Reason.Length > 0
                && (TransportErrorCode)reason.Code is (>= TransportErrorCode.FlowControlError and <= TransportErrorCode.NoViablePath) or (>= TransportErrorCode.CryptoError and < TransportErrorCode.CryptoError + 0x100),
            _ => false,
        };
        Assert.True(sane, $"The connection ended with {reason}.");
    }
}
