using System.Text;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Quic.Tls;

/// <summary>HKDF-Expand-Label of TLS 1.3 (RFC 9846 §7.1).</summary>
internal static class HkdfLabel
{
    /// <summary>What "tls13 " leaves of the 255 bytes of a label.</summary>
    public const int LabelSizeMax = 249;

    /*
     * struct {
     *     uint16 length = Length;
     *     opaque label<7..255> = "tls13 " + Label;
     *     opaque context<0..255> = Context;
     * } HkdfLabel;
     */

    /// <summary>Fills <paramref name="output"/>; the label is ASCII of at most <see cref="LabelSizeMax"/> bytes, the context at most 255 bytes.</summary>
    public static void Expand(HashFunction hash, ReadOnlySpan<byte> secret, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[2 + 1 + 255 + 1 + 255];
        info[0] = (byte)(output.Length >> 8);
        info[1] = (byte)(output.Length & 0xff);
        info[2] = (byte)(6 + label.Length);
        "tls13 "u8.CopyTo(info[3..]);
        int length = 9 + Encoding.ASCII.GetBytes(label, info[9..]);
        info[length++] = (byte)context.Length;
        context.CopyTo(info[length..]);
        hash.Expand(secret, info[..(length + context.Length)], output);
    }
}
