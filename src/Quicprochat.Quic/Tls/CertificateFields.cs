using System.Formats.Asn1;

namespace Quicprochat.Quic.Tls;

/// <summary>
/// The few fields of a DER certificate (RFC 5280 §4.1) that TLS itself needs: the public key and what it may be used for.
/// Whether the certificate is to be believed is the validator's question. Total: any bytes give an answer, none an exception.
/// </summary>
internal readonly ref struct CertificateFields
{
    private const int VersionTag = 0;
    private const int IssuerUniqueIdTag = 1;
    private const int SubjectUniqueIdTag = 2;
    private const int ExtensionsTag = 3;

    // 2.5.29.15, id-ce-keyUsage (RFC 5280 §4.2.1.3).
    private static ReadOnlySpan<byte> KeyUsageOid => [0x55, 0x1d, 0x0f];

    /// <summary>SubjectPublicKeyInfo as it stands in the certificate.</summary>
    public ReadOnlySpan<byte> SubjectPublicKeyInfo { get; private init; }

    /// <summary>The key algorithm's object identifier, without tag and length.</summary>
    public ReadOnlySpan<byte> KeyAlgorithm { get; private init; }

    /// <summary>The key algorithm's parameters, with tag and length; empty when there are none.</summary>
    public ReadOnlySpan<byte> KeyParameters { get; private init; }

    /// <summary>The public key bits, which are whole bytes in every algorithm supported here.</summary>
    public ReadOnlySpan<byte> PublicKey { get; private init; }

    /// <summary>True unless a KeyUsage extension leaves out digitalSignature (RFC 9846 §4.5.1.2).</summary>
    public bool MaySign { get; private init; }

    /// <summary>False when the bytes are not a certificate.</summary>
    public static bool TryRead(ReadOnlySpan<byte> certificate, out CertificateFields fields)
    {
        fields = default;
        return TryTake(ref certificate, Asn1Tag.Sequence, out ReadOnlySpan<byte> content, out _) && certificate.IsEmpty
            && TryTake(ref content, Asn1Tag.Sequence, out ReadOnlySpan<byte> tbs, out _)
            && TryReadTbs(tbs, out fields);
    }

    private static bool TryReadTbs(ReadOnlySpan<byte> tbs, out CertificateFields fields)
    {
        fields = default;
        SkipContext(ref tbs, VersionTag);
        if (!TryTake(ref tbs, Asn1Tag.Integer, out _, out _) // serialNumber
            || !TryTake(ref tbs, Asn1Tag.Sequence, out _, out _) // signature
            || !TryTake(ref tbs, Asn1Tag.Sequence, out _, out _) // issuer
            || !TryTake(ref tbs, Asn1Tag.Sequence, out _, out _) // validity
            || !TryTake(ref tbs, Asn1Tag.Sequence, out _, out _) // subject
            || !TryTake(ref tbs, Asn1Tag.Sequence, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> keyInfo)
            || !TryTake(ref key, Asn1Tag.Sequence, out ReadOnlySpan<byte> algorithm, out _)
            || !TryTake(ref algorithm, Asn1Tag.ObjectIdentifier, out ReadOnlySpan<byte> oid, out _)
            || !TryTake(ref key, Asn1Tag.PrimitiveBitString, out ReadOnlySpan<byte> bits, out _)
            || bits is not [0, ..])
        {
            return false;
        }

        SkipContext(ref tbs, IssuerUniqueIdTag);
        SkipContext(ref tbs, SubjectUniqueIdTag);
        if (!TryReadKeyUsage(tbs, out bool maySign))
        {
            return false;
        }

        fields = new CertificateFields
        {
            SubjectPublicKeyInfo = keyInfo,
            KeyAlgorithm = oid,
            KeyParameters = algorithm,
            PublicKey = bits[1..],
            MaySign = maySign,
        };
        return true;
    }

    private static bool TryReadKeyUsage(ReadOnlySpan<byte> tbsRest, out bool maySign)
    {
        maySign = true;
        if (!TryTake(ref tbsRest, new Asn1Tag(TagClass.ContextSpecific, ExtensionsTag, isConstructed: true), out ReadOnlySpan<byte> wrapped, out _))
        {
            return tbsRest.IsEmpty;
        }

        if (!TryTake(ref wrapped, Asn1Tag.Sequence, out ReadOnlySpan<byte> extensions, out _))
        {
            return false;
        }

        while (!extensions.IsEmpty)
        {
            if (!TryTake(ref extensions, Asn1Tag.Sequence, out ReadOnlySpan<byte> extension, out _)
                || !TryTake(ref extension, Asn1Tag.ObjectIdentifier, out ReadOnlySpan<byte> oid, out _))
            {
                return false;
            }

            TryTake(ref extension, Asn1Tag.Boolean, out _, out _); // critical DEFAULT FALSE
            if (!TryTake(ref extension, Asn1Tag.PrimitiveOctetString, out ReadOnlySpan<byte> value, out _))
            {
                return false;
            }

            if (oid.SequenceEqual(KeyUsageOid))
            {
                if (!TryTake(ref value, Asn1Tag.PrimitiveBitString, out ReadOnlySpan<byte> bits, out _) || bits.IsEmpty)
                {
                    return false;
                }

                // digitalSignature is bit 0, the highest of the first byte; an empty bit string allows nothing.
                maySign = bits.Length > 1 && (bits[1] & 0x80) != 0;
            }
        }

        return true;
    }

    private static void SkipContext(scoped ref ReadOnlySpan<byte> rest, int tag)
    {
        if (!TryTake(ref rest, new Asn1Tag(TagClass.ContextSpecific, tag, isConstructed: true), out _, out _))
        {
            TryTake(ref rest, new Asn1Tag(TagClass.ContextSpecific, tag), out _, out _);
        }
    }

    /// <summary>Takes the value in front when it has the tag; otherwise <paramref name="rest"/> stays as it is.</summary>
    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, Asn1Tag expected, out ReadOnlySpan<byte> content, out ReadOnlySpan<byte> encoded)
    {
        if (!AsnDecoder.TryReadEncodedValue(rest, AsnEncodingRules.DER, out Asn1Tag tag, out int offset, out int length, out int consumed) || tag != expected)
        {
            content = default;
            encoded = default;
            return false;
        }

        content = rest.Slice(offset, length);
        encoded = rest[..consumed];
        rest = rest[consumed..];
        return true;
    }
}
