using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Mls;

namespace MlsPeer;

/// <summary>The suites this peer speaks: all of the library's, and one that only ts-mls has.</summary>
internal static class Suites
{
    /// <summary>X-Wing with SHA-512, at the number ts-mls gave it; docs/conformance/mls-interop.md says how far it gets.</summary>
    private static readonly CipherSuite TsMlsXWing = new(
        83, "MLS_256_XWING_AES256GCM_SHA512_Ed25519",
        KemAlgorithm.MlKem768X25519, HashAlgorithm.Sha512, AeadAlgorithm.Aes256Gcm, SignatureAlgorithm.Ed25519);

    public static CipherSuites Known { get; } = CipherSuites.Of([.. CipherSuites.All.Items, TsMlsXWing]);

    /// <summary>The same suites with the one called <paramref name="name"/> at code point <paramref name="id"/>.</summary>
    public static CipherSuites Renumber(CipherSuites suites, string name, int id)
    {
        CipherSuite? named = suites.Items.FirstOrDefault(suite => string.Equals(suite.Name, name, StringComparison.Ordinal));
        if (named is null || id > ushort.MaxValue)
        {
            throw new RefusedException(nameof(MlsErrorCode.CipherSuiteUnknown), "No cipher suite has that name.");
        }
        // Whoever holds the number now steps aside: two suites cannot share one.
        CipherSuite[] others = [.. suites.Items.Where(suite => suite.Id != id || suite == named)];
        return CipherSuites.Of(others).WithCodePoint(named, (ushort)id);
    }
}
