using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Quicprochat.Crypto.Nist;

/// <summary>
/// P-256, P-384 or P-521 (SP 800-186): the sizes, and the checks of keys that come from outside. They are made here rather than by a library's exceptions,
/// so that every back end accepts the same keys and a forged one costs microseconds.
/// </summary>
internal sealed class NistCurve
{
    private const byte Uncompressed = 0x04;

    private readonly byte[] _order;

    private NistCurve(string name, ECCurve platformCurve, int scalarSize)
    {
        PlatformCurve = platformCurve;
        ScalarSize = scalarSize;
        X9ECParameters parameters = CustomNamedCurves.GetByName(name);
        Domain = new ECDomainParameters(parameters);
        _order = new byte[scalarSize];
        Domain.N.ToByteArrayUnsigned().CopyTo(_order, scalarSize - (Domain.N.BitLength + 7) / 8);
    }

    public static NistCurve P256 { get; } = new("P-256", ECCurve.NamedCurves.nistP256, 32);

    public static NistCurve P384 { get; } = new("P-384", ECCurve.NamedCurves.nistP384, 48);

    public static NistCurve P521 { get; } = new("P-521", ECCurve.NamedCurves.nistP521, 66);

    /// <summary>The curve as .NET names it.</summary>
    public ECCurve PlatformCurve { get; }

    /// <summary>The curve as BouncyCastle computes with it.</summary>
    public ECDomainParameters Domain { get; }

    /// <summary>Length of a scalar and of a coordinate in bytes.</summary>
    public int ScalarSize { get; }

    /// <summary>Length of an uncompressed point in bytes.</summary>
    public int PointSize => 1 + (2 * ScalarSize);

    /// <summary>True for an uncompressed point on the curve (SEC 1 §2.3.4). Compressed, hybrid and infinite points are refused.</summary>
    public bool IsValidPoint(ReadOnlySpan<byte> point)
    {
        if (point.Length != PointSize || point[0] != Uncompressed)
        {
            return false;
        }

        var x = new BigInteger(1, point.Slice(1, ScalarSize));
        var y = new BigInteger(1, point[(1 + ScalarSize)..]);
        var prime = Domain.Curve.Field.Characteristic;
        return x.CompareTo(prime) < 0 && y.CompareTo(prime) < 0 && Domain.Curve.CreatePoint(x, y).IsValid();
    }

    /// <summary>True for 0 &lt; scalar &lt; n, in time that does not depend on the scalar.</summary>
    public bool IsValidScalar(ReadOnlySpan<byte> scalar)
    {
        if (scalar.Length != ScalarSize)
        {
            return false;
        }

        var any = 0;
        var borrow = 0;
        for (var i = ScalarSize - 1; i >= 0; i--)
        {
            any |= scalar[i];
            borrow = ((scalar[i] - _order[i] - borrow) >> 8) & 1;
        }

        return any != 0 & borrow == 1;
    }

    /// <summary>Draws until a valid scalar comes: once, nearly always.</summary>
    public void DrawScalar(IRandomSource random, Span<byte> scalar)
    {
        do
        {
            random.Fill(scalar);
            scalar[0] &= TopByteMask;
        }
        while (!IsValidScalar(scalar));
    }

    /// <summary>What keeps a random string no longer than the order in bits (RFC 9180 §7.1.3).</summary>
    public byte TopByteMask => ScalarSize == 66 ? (byte)0x01 : (byte)0xff;

    /// <summary>The point as .NET takes it. The caller has checked it.</summary>
    public ECParameters PublicParameters(ReadOnlySpan<byte> point) => new()
    {
        Curve = PlatformCurve,
        Q = new ECPoint { X = point.Slice(1, ScalarSize).ToArray(), Y = point[(1 + ScalarSize)..].ToArray() },
    };

    /// <summary>Writes a point that .NET gave, uncompressed.</summary>
    public void WritePoint(in ECPoint point, Span<byte> destination)
    {
        destination[0] = Uncompressed;
        point.X.CopyTo(destination[1..]);
        point.Y.CopyTo(destination[(1 + ScalarSize)..]);
    }
}
