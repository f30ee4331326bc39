namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>
/// Carries an exception of our own side (a validator, a signer, a random source, a key log) through BouncyCastle, so that the peer is not blamed for it.
/// It never leaves <see cref="TlsSession"/>.
/// </summary>
internal sealed class LocalFaultException(Exception cause) : Exception("This side of the handshake failed.", cause)
{
    /// <summary>The fault inside <paramref name="exception"/>, however BouncyCastle wrapped it; null when the peer caused it.</summary>
    public static Exception? Find(Exception exception)
    {
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            if (current is LocalFaultException fault)
            {
                return fault.InnerException;
            }
        }

        return null;
    }
}
