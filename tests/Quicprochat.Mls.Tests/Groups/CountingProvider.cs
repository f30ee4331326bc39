using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Agreement;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Passwords;
using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Mls.Tests.Groups;

/// <summary>The default provider, counting the bytes that go through its hashes.</summary>
internal sealed class CountingProvider : CryptoProvider
{
    public long HashedBytes { get; private set; }

    public override HashFunction Hash(HashAlgorithm algorithm) => new CountingHash(this, Default.Hash(algorithm));

    public override AeadKey CreateAeadKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => Default.CreateAeadKey(algorithm, key);

    public override HeaderProtectionKey CreateHeaderProtectionKey(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => Default.CreateHeaderProtectionKey(algorithm, key);

    public override KeyAgreement Agreement(KeyAgreementAlgorithm algorithm) => Default.Agreement(algorithm);

    public override KeyEncapsulation Kem(KemAlgorithm algorithm) => Default.Kem(algorithm);

    public override PasswordHash Argon2id => Default.Argon2id;

    public override SignatureScheme Signature(SignatureAlgorithm algorithm) => Default.Signature(algorithm);

    private sealed class CountingHash(CountingProvider counter, HashFunction inner) : HashFunction
    {
        public override HashAlgorithm Algorithm => inner.Algorithm;

        public override int Size => inner.Size;

        public override void Compute(ReadOnlySpan<byte> data, Span<byte> digest)
        {
            counter.HashedBytes += data.Length;
            inner.Compute(data, digest);
        }

        public override void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> tag)
        {
            counter.HashedBytes += data.Length;
            inner.Hmac(key, data, tag);
        }

        public override void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> ikm, Span<byte> prk)
        {
            counter.HashedBytes += ikm.Length;
            inner.Extract(salt, ikm, prk);
        }

        public override void Expand(ReadOnlySpan<byte> prk, ReadOnlySpan<byte> info, Span<byte> okm)
        {
            counter.HashedBytes += info.Length;
            inner.Expand(prk, info, okm);
        }

        public override IncrementalHash CreateIncremental() => new CountingIncrementalHash(counter, inner.CreateIncremental());
    }

    private sealed class CountingIncrementalHash(CountingProvider counter, IncrementalHash inner) : IncrementalHash
    {
        public override void Append(ReadOnlySpan<byte> data)
        {
            counter.HashedBytes += data.Length;
            inner.Append(data);
        }

        public override void Current(Span<byte> digest) => inner.Current(digest);

        public override void Dispose() => inner.Dispose();
    }
}
