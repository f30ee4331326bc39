namespace Quicprochat.Crypto.Hash;

/// <summary>A hash function of the SHA-2 family (FIPS 180-4).</summary>
public enum HashAlgorithm
{
    /// <summary>SHA-256, 32 bytes.</summary>
    Sha256,

    /// <summary>SHA-384, 48 bytes.</summary>
    Sha384,

    /// <summary>SHA-512, 64 bytes.</summary>
    Sha512,
}
