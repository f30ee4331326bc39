using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Mls.Credentials;

/// <summary>A credential with the signature key pair it names. Disposing zeroes the private key.</summary>
public sealed class SigningIdentity : IDisposable
{
    private SigningIdentity(CipherSuite cipherSuite, Credential credential, byte[] signatureKey, Secret privateKey)
    {
        CipherSuite = cipherSuite;
        Credential = credential;
        SignatureKey = signatureKey;
        PrivateKey = privateKey;
    }

    /// <summary>The cipher suite whose signature scheme the keys are of.</summary>
    public CipherSuite CipherSuite { get; }

    /// <summary>Who it is.</summary>
    public Credential Credential { get; }

    /// <summary>The public key, serialized as RFC 9420 §5.1.1 says.</summary>
    public ReadOnlyMemory<byte> SignatureKey { get; }

    /// <summary>The private key: a seed, or a big-endian scalar for ECDSA.</summary>
    public Secret PrivateKey { get; }

    /// <summary>An identity with a key pair of its own.</summary>
    public static SigningIdentity Generate(CipherSuite cipherSuite, Credential credential, CryptoProvider provider, IRandomSource random)
    {
        SignatureScheme scheme = provider.Signature(cipherSuite.Signature);
        byte[] publicKey = new byte[scheme.PublicKeySize];
        Secret privateKey = Secret.Create(
            scheme.PrivateKeySize, (scheme, random, publicKey), static (span, state) => state.scheme.GenerateKeyPair(state.random, span, state.publicKey));
        return new SigningIdentity(cipherSuite, credential, publicKey, privateKey);
    }

    /// <summary>An identity with a key pair that exists already. The private key is copied; an ECDSA scalar may lack leading zeros.</summary>
    /// <exception cref="ArgumentException">The private key is not valid.</exception>
    public static SigningIdentity Import(CipherSuite cipherSuite, Credential credential, ReadOnlySpan<byte> privateKey, CryptoProvider provider)
    {
        SignatureScheme scheme = provider.Signature(cipherSuite.Signature);
        byte[] padded = new byte[Math.Max(scheme.PrivateKeySize, privateKey.Length)];
        privateKey.CopyTo(padded.AsSpan(padded.Length - privateKey.Length));
        var secret = Secret.Copy(padded);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(padded);
        byte[] publicKey = new byte[scheme.PublicKeySize];
        return secret.Length == scheme.PrivateKeySize && scheme.TryGetPublicKey(secret.Span, publicKey)
            ? new SigningIdentity(cipherSuite, credential, publicKey, secret)
            : throw new ArgumentException("The private key is not one of the cipher suite.", nameof(privateKey));
    }

    /// <summary>The same keys with another credential.</summary>
    public SigningIdentity With(Credential credential) => new(CipherSuite, credential, SignatureKey.ToArray(), PrivateKey.Clone());

    /// <inheritdoc/>
    public void Dispose() => PrivateKey.Dispose();

    internal SigningIdentity Clone() => Restore(CipherSuite, Credential, SignatureKey, PrivateKey.Span);

    internal static SigningIdentity Restore(CipherSuite cipherSuite, Credential credential, ReadOnlyMemory<byte> signatureKey, ReadOnlySpan<byte> privateKey) =>
        new(cipherSuite, credential, signatureKey.ToArray(), Secret.Copy(privateKey));
}
