using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Transport.Certificates;

/// <summary>
/// A pin: the SHA-256 of a certificate's SubjectPublicKeyInfo, in base64url without padding. It names a key, so it outlives
/// the certificates made for that key.
/// </summary>
public static class PublicKeyPin
{
    /// <summary>The pin of <paramref name="certificate"/>'s key, 43 characters.</summary>
    public static string Of(X509Certificate2 certificate) => Of(certificate.RawDataMemory.Span);

    /// <summary>The pin of the key in a certificate.</summary>
    /// <param name="certificate">In DER.</param>
    /// <exception cref="ArgumentException">The bytes are not a certificate.</exception>
    public static string Of(ReadOnlySpan<byte> certificate) => Base64Url.EncodeToString(PinnedCertificateValidator.Pin(certificate));

    /// <summary>Whoever holds one of these keys.</summary>
    /// <exception cref="ArgumentException">One of them is not a pin.</exception>
    internal static PinnedCertificateValidator Validator(IEnumerable<string> pins) => new(pins.Select(Decode));

    private static ReadOnlyMemory<byte> Decode(string pin)
    {
        return Base64Url.IsValid(pin, out int length) && length == PinnedCertificateValidator.PinSize
            ? Base64Url.DecodeFromChars(pin)
            : throw new ArgumentException($"'{pin}' is not a pin: 43 characters of base64url.", nameof(pin));
    }
}
