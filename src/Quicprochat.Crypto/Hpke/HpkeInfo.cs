namespace Quicprochat.Crypto.Hpke;

/// <summary>
/// An info as the key schedule of one suite sees it (RFC 9180 §5.1): hashed. It does not depend on the recipient, so whoever sends something long to many
/// hashes it once. <see cref="HpkeSuite.HashInfo"/> makes it. Immutable.
/// </summary>
public sealed class HpkeInfo
{
    private readonly HpkeSuite _suite;
    private readonly byte[] _hash;

    internal HpkeInfo(HpkeSuite suite, byte[] hash)
    {
        _suite = suite;
        _hash = hash;
    }

    /// <summary>The info_hash.</summary>
    internal ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Throws unless the hash is this suite's, whose identifiers are hashed along.</summary>
    internal void Require(HpkeSuite suite)
    {
        if (!ReferenceEquals(suite, _suite))
        {
            throw new ArgumentException("The info was hashed by another suite.");
        }
    }
}
