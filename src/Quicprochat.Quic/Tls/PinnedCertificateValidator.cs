using System.Security.Cryptography;
using Quicprochat.Crypto;

namespace Quicprochat.Quic.Tls;

/// <summary>
/// Accepts a peer by its public key alone: the SHA-256 of the leaf's SubjectPublicKeyInfo must be one of the pins. Names, dates and issuers
/// are not looked at; TLS proves that the peer holds the key.
/// </summary>
public sealed class PinnedCertificateValidator : IPeerCertificateValidator
{
    /// <summary>Length of a pin in bytes.</summary>
    public const int PinSize = 32;

    private readonly byte[][] _pins;

    /// <summary>Accepts the holders of these keys.</summary>
    /// <param name="pins">Each of <see cref="PinSize"/> bytes; at least one.</param>
    /// <exception cref="ArgumentException">There is no pin, or one of another length.</exception>
    public PinnedCertificateValidator(params IEnumerable<ReadOnlyMemory<byte>> pins)
    {
        _pins = [.. pins.Select(pin => pin.ToArray())];
        if (_pins.Length == 0 || _pins.Any(pin => pin.Length != PinSize))
        {
            throw new ArgumentException("At least one pin of 32 bytes is needed.", nameof(pins));
        }
    }

    /// <summary>The pin of a certificate in DER.</summary>
    /// <exception cref="ArgumentException">The bytes are not a certificate.</exception>
    public static byte[] Pin(ReadOnlySpan<byte> certificate)
    {
        var pin = new byte[PinSize];
        return TryPin(certificate, pin) ? pin : throw new ArgumentException("The bytes are not a certificate.", nameof(certificate));
    }

    /// <inheritdoc/>
    public byte? Validate(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost)
    {
        if (chain.Count == 0)
        {
            return TlsAlert.CertificateRequired;
        }

        Span<byte> found = stackalloc byte[PinSize];
        if (!TryPin(chain[0].Span, found))
        {
            return TlsAlert.BadCertificate;
        }

        // Every pin is compared, each in constant time: the answer tells which peer it is, the time must not.
        bool known = false;
        foreach (byte[] pin in _pins)
        {
            known |= CryptographicOperations.FixedTimeEquals(pin, found);
        }

        return known ? null : TlsAlert.CertificateUnknown;
    }

    private static bool TryPin(ReadOnlySpan<byte> certificate, Span<byte> pin)
    {
        if (!CertificateFields.TryRead(certificate, out CertificateFields fields))
        {
            return false;
        }

        CryptoProvider.Default.Hash(Crypto.Hash.HashAlgorithm.Sha256).Compute(fields.SubjectPublicKeyInfo, pin);
        return true;
    }
}
