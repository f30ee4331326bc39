using Quicprochat.Crypto;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Quic.Packets;

/// <summary>
/// Stateless resets (RFC 9000 §10.3): a datagram that looks like a short header packet and ends with a token only the two ends know.
/// </summary>
internal static class StatelessReset
{
    /// <summary>The shortest stateless reset: what looks like a packet, and the token.</summary>
    public const int SizeMin = 5 + StatelessResetToken.Size;

    /// <summary>Triggers up to this size are answered by a reset one byte shorter (RFC 9000 §10.3).</summary>
    private const int MirroredSizeMax = 43;

    /// <summary>The token of a connection id: HMAC-SHA-256 of it under the endpoint's <paramref name="key"/>, cut to 16 bytes (RFC 9000 §10.3.2).</summary>
    public static StatelessResetToken DeriveToken(CryptoProvider provider, ReadOnlySpan<byte> key, in ConnectionId id)
    {
        HashFunction hash = provider.Hash(HashAlgorithm.Sha256);
        Span<byte> tag = stackalloc byte[HashFunction.SizeMax];
        tag = tag[..hash.Size];
        hash.Hmac(key, id.Span, tag);
        return StatelessResetToken.From(tag[..StatelessResetToken.Size]);
    }

    /// <summary>
    /// The size of the reset that answers a datagram of <paramref name="triggerSize"/> bytes, 0 for none: always shorter, so that two ends
    /// that have both lost their state fall silent (RFC 9000 §10.3.3), and of a size an observer cannot tell it by.
    /// </summary>
    /// <param name="triggerSize">Bytes of the datagram that no connection knows.</param>
    /// <param name="random">Any value; varies the size.</param>
    public static int SizeFor(int triggerSize, byte random)
    {
        if (triggerSize <= SizeMin)
        {
            return 0; // RFC 9000 §10.3.3
        }
        return triggerSize <= MirroredSizeMax ? triggerSize - 1 : Math.Min(triggerSize - 1, MirroredSizeMax + (random & 0x1f));
    }

    /// <summary>Fills all of <paramref name="destination"/>, at least <see cref="SizeMin"/> bytes, with a reset that ends with <paramref name="token"/>.</summary>
    public static void Write(Span<byte> destination, in StatelessResetToken token, IRandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, SizeMin, nameof(destination));
        Span<byte> unpredictable = destination[..^StatelessResetToken.Size];
        random.Fill(unpredictable);
        unpredictable[0] = (byte)(0x40 | (unpredictable[0] & 0x3f));
        token.CopyTo(destination[^StatelessResetToken.Size..]);
    }

    /// <summary>
    /// The last 16 bytes of a datagram that no key opened, to be compared with the tokens the peer gave. False for what is too short to be a
    /// reset. The first bytes say nothing: another version might send one with a long header (RFC 9000 §10.3).
    /// </summary>
    public static bool TryReadToken(ReadOnlySpan<byte> datagram, out StatelessResetToken token)
    {
        if (datagram.Length < SizeMin)
        {
            token = default;
            return false; // RFC 9000 §10.3
        }
        token = StatelessResetToken.From(datagram[^StatelessResetToken.Size..]);
        return true;
    }
}
