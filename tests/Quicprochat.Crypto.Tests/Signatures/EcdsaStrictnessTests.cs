using Quicprochat.Crypto.Nist;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Crypto.Tests.Signatures;

/// <summary>ECDSA signatures have one DER form each; everything else is refused, and nothing throws.</summary>
public sealed class EcdsaStrictnessTests
{
    public static TheoryData<string, SignatureAlgorithm> Ecdsa()
    {
        var rows = new TheoryData<string, SignatureAlgorithm>();
        foreach (var backend in Backend.Names)
        {
            rows.Add(backend, SignatureAlgorithm.EcdsaP256Sha256);
            rows.Add(backend, SignatureAlgorithm.EcdsaP384Sha384);
            rows.Add(backend, SignatureAlgorithm.EcdsaP521Sha512);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Ecdsa))]
    public void Other_encodings_of_a_valid_signature_are_refused(string backend, SignatureAlgorithm algorithm)
    {
        var scheme = Backend.Get(backend).Signature(algorithm);
        var pair = SignatureSchemeTests.Generate(scheme, new SeededRandom(1));
        var (r, s) = Scalars(scheme, SignatureSchemeTests.Sign(scheme, pair.Private, [1]));
        Assert.True(scheme.Verify(pair.Public, [1], Sequence([.. Integer(r), .. Integer(s)])));

        byte[][] others =
        [
            Sequence([.. Integer([0, .. r]), .. Integer(s)]), // a zero too many
            Sequence([.. Integer(r), .. Integer([0, 0, .. s])]),
            [.. Sequence([.. Integer(r), .. Integer(s)]), 0], // something behind
            Sequence([.. Integer(r), .. Integer(s), 5, 0]),
            Sequence(Integer(r)), // one only
            Sequence([]),
            Long([.. Integer(r), .. Integer(s)]), // a length in a longer form
            [0x30, 0x80, .. Integer(r), .. Integer(s), 0, 0], // BER's indefinite length
            [0x31, .. Sequence([.. Integer(r), .. Integer(s)]).AsSpan(1)],
            Sequence([0x03, .. Integer(r).AsSpan(1), .. Integer(s)]),
            [.. r, .. s], // the bare scalars
        ];
        foreach (var other in others)
        {
            Assert.False(scheme.Verify(pair.Public, [1], other));
        }
    }

    [Theory]
    [MemberData(nameof(Ecdsa))]
    public void Scalars_out_of_range_are_refused(string backend, SignatureAlgorithm algorithm)
    {
        var scheme = Backend.Get(backend).Signature(algorithm);
        var pair = SignatureSchemeTests.Generate(scheme, new SeededRandom(2));
        var (r, s) = Scalars(scheme, SignatureSchemeTests.Sign(scheme, pair.Private, [1]));
        var order = Curve(algorithm).Domain.N.ToByteArrayUnsigned();
        foreach (var bad in new[] { [0], order, [.. Enumerable.Repeat((byte)0xff, scheme.PrivateKeySize)], [0xff], [.. order, 0] })
        {
            Assert.False(scheme.Verify(pair.Public, [1], Sequence([.. Integer(Positive(bad)), .. Integer(s)])));
            Assert.False(scheme.Verify(pair.Public, [1], Sequence([.. Integer(r), .. Integer(Positive(bad))])));
            Assert.False(scheme.Verify(pair.Public, [1], Sequence([.. Integer(bad), .. Integer(bad)])));
        }
    }

    [Theory]
    [MemberData(nameof(Ecdsa))]
    public void Private_keys_out_of_range_are_the_callers_bug(string backend, SignatureAlgorithm algorithm)
    {
        var scheme = Backend.Get(backend).Signature(algorithm);
        var order = Curve(algorithm).Domain.N.ToByteArrayUnsigned();
        foreach (var bad in new[] { new byte[scheme.PrivateKeySize], order })
        {
            Assert.False(scheme.TryGetPublicKey(bad, new byte[scheme.PublicKeySize]));
            Assert.Throws<ArgumentException>(() => scheme.Sign(bad, [], new byte[scheme.SignatureSizeMax]));
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(48)]
    [InlineData(66)]
    public void What_is_written_is_read_and_fits(int scalarSize)
    {
        var random = new SeededRandom(3);
        var der = new byte[EcdsaSignature.SizeMax(scalarSize)];
        var longest = 0;
        for (var i = 0; i < 2000; i++)
        {
            var scalars = random.Bytes(2 * scalarSize);
            if (scalarSize == 66)
            {
                scalars[0] &= 1;
                scalars[66] &= 1;
            }

            // Leading zeros of every length, so that short integers are met.
            scalars.AsSpan(0, random.Next(5) == 0 ? random.Next(scalarSize) : 0).Clear();
            var length = EcdsaSignature.Write(scalars, der);
            longest = Math.Max(longest, length);
            var read = new byte[2 * scalarSize];
            Assert.True(EcdsaSignature.TryRead(der.AsSpan(0, length), read));
            Assert.Equal(scalars, read);
        }

        Assert.Equal(der.Length, longest);
    }

    [Fact]
    public void Random_bytes_and_mutations_are_read_or_refused_but_never_throw() =>
        Gen.Byte.Array[0, 150].Sample(bytes =>
        {
            var scalars = new byte[64];
            bytes = [0x30, .. bytes];
            if (EcdsaSignature.TryRead(bytes, scalars))
            {
                // What is accepted is the one form that would be written.
                var der = new byte[EcdsaSignature.SizeMax(32)];
                Assert.Equal(bytes, der[..EcdsaSignature.Write(scalars, der)]);
            }
        });

    private static NistCurve Curve(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.EcdsaP256Sha256 => NistCurve.P256,
        SignatureAlgorithm.EcdsaP384Sha384 => NistCurve.P384,
        _ => NistCurve.P521,
    };

    private static (byte[] R, byte[] S) Scalars(SignatureScheme scheme, byte[] signature)
    {
        var scalars = new byte[2 * scheme.PrivateKeySize];
        Assert.True(EcdsaSignature.TryRead(signature, scalars));
        return (Positive(scalars[..scheme.PrivateKeySize]), Positive(scalars[scheme.PrivateKeySize..]));
    }

    private static byte[] Positive(byte[] scalar)
    {
        var shortest = scalar.AsSpan().TrimStart((byte)0);
        return shortest.IsEmpty ? [0] : shortest[0] >= 0x80 ? [0, .. shortest] : shortest.ToArray();
    }

    private static byte[] Integer(byte[] content) => [0x02, (byte)content.Length, .. content];

    private static byte[] Sequence(byte[] content) =>
        content.Length < 0x80 ? [0x30, (byte)content.Length, .. content] : [0x30, 0x81, (byte)content.Length, .. content];

    private static byte[] Long(byte[] content) =>
        content.Length < 0x80 ? [0x30, 0x81, (byte)content.Length, .. content] : [0x30, 0x82, 0, (byte)content.Length, .. content];
}
