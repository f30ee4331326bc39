namespace Quicprochat.Quic.Tests.Tls;

internal static class Errors
{
    /// <summary>CRYPTO_ERROR for a TLS alert.</summary>
    public static TransportErrorCode Alert(int alert) => (TransportErrorCode)(0x0100 + alert);
}
