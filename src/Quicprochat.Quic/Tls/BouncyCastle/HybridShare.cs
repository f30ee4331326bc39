using Org.BouncyCastle.Tls;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>
/// The length of an X25519MLKEM768 key share, checked before BouncyCastle cuts it into its halves: one cut short would end in an exception of any kind.
/// </summary>
internal static class HybridShare
{
    private const int X25519Size = 32;
    private const int MlKemPublicKeySize = 1_184;
    private const int MlKemEncapsulationSize = 1_088;

    /// <exception cref="TlsFatalAlert">The client's share has another length (draft-ietf-tls-ecdhe-mlkem).</exception>
    public static void RequireClientSize(KeyShareEntry entry) => Require(entry, MlKemPublicKeySize + X25519Size);

    /// <exception cref="TlsFatalAlert">The server's share has another length (draft-ietf-tls-ecdhe-mlkem).</exception>
    public static void RequireServerSize(KeyShareEntry entry) => Require(entry, MlKemEncapsulationSize + X25519Size);

    private static void Require(KeyShareEntry entry, int size)
    {
        if (entry.NamedGroup == NamedGroup.X25519MLKEM768 && entry.KeyExchange.Length != size)
        {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter);
        }
    }
}
