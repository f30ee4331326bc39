using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Quicprochat.Mls;

/// <summary>
/// The cipher suites a client offers, most wanted first. Which code point stands for which algorithms is decided here:
/// the hybrids have no registered value yet, so two deployments that want to talk agree on one with <see cref="WithCodePoint"/>.
/// </summary>
public sealed class CipherSuites
{
    private readonly ImmutableArray<CipherSuite> _suites;

    private CipherSuites(ImmutableArray<CipherSuite> suites) => _suites = suites;

    /// <summary>All twelve, the X-Wing hybrid with AES-256-GCM and SHA-384 first.</summary>
    public static CipherSuites All { get; } = Of(
        CipherSuite.MlKem768X25519Aes256GcmSha384Ed25519,
        CipherSuite.MlKem768X25519Aes128GcmSha256Ed25519,
        CipherSuite.MlKem1024P384Aes256GcmSha384P384,
        CipherSuite.MlKem768P256Aes256GcmSha384P256,
        CipherSuite.MlKem768P256Aes128GcmSha256P256,
        CipherSuite.X25519Aes128GcmSha256Ed25519,
        CipherSuite.P256Aes128GcmSha256P256,
        CipherSuite.X25519ChaCha20Poly1305Sha256Ed25519,
        CipherSuite.X448Aes256GcmSha512Ed448,
        CipherSuite.P521Aes256GcmSha512P521,
        CipherSuite.X448ChaCha20Poly1305Sha512Ed448,
        CipherSuite.P384Aes256GcmSha384P384);

    /// <summary>The suites in order, most wanted first.</summary>
    public IReadOnlyList<CipherSuite> Items => _suites;

    /// <summary>The most wanted suite.</summary>
    public CipherSuite Default => _suites[0];

    /// <summary>Exactly these suites.</summary>
    /// <exception cref="ArgumentException">There is none, or two share a code point.</exception>
    public static CipherSuites Of(params ReadOnlySpan<CipherSuite> suites)
    {
        if (suites.IsEmpty)
        {
            throw new ArgumentException("At least one cipher suite is needed.", nameof(suites));
        }
        var ids = new HashSet<ushort>();
        foreach (CipherSuite suite in suites)
        {
            if (!ids.Add(suite.Id))
            {
                throw new ArgumentException("Two cipher suites share a code point.", nameof(suites));
            }
        }
        return new CipherSuites([.. suites]);
    }

    /// <summary>The same suites, with <paramref name="suite"/> known by another code point.</summary>
    public CipherSuites WithCodePoint(CipherSuite suite, ushort id)
    {
        int index = -1;
        for (int i = 0; i < _suites.Length; i++)
        {
            index = string.Equals(_suites[i].Name, suite.Name, StringComparison.Ordinal) ? i : index;
        }
        return index < 0
            ? throw new ArgumentException("The suite is not one of these.", nameof(suite))
            : Of(_suites.SetItem(index, _suites[index] with { Id = id }).AsSpan());
    }

    /// <summary>Finds the suite that <paramref name="id"/> stands for.</summary>
    public bool TryFind(ushort id, [NotNullWhen(true)] out CipherSuite? suite)
    {
        foreach (CipherSuite known in _suites)
        {
            if (known.Id == id)
            {
                suite = known;
                return true;
            }
        }
        suite = null;
        return false;
    }
}
