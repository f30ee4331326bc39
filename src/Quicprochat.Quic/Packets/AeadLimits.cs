using Quicprochat.Crypto.Aead;

namespace Quicprochat.Quic.Packets;

/// <summary>How much one key may protect, and how much forgery one connection bears (RFC 9001 §6.6).</summary>
internal static class AeadLimits
{
    /// <summary>Packets that one key may seal.</summary>
    public static long Confidentiality(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.ChaCha20Poly1305 => VarInt.Max, // more than there are packet numbers
        _ => 1L << 23,
    };

    /// <summary>Packets that may fail to open over the whole life of a connection, all keys together.</summary>
    public static long Integrity(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.ChaCha20Poly1305 => 1L << 36,
        _ => 1L << 52,
    };
}
