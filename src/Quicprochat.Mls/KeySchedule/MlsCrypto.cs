using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hash;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Crypto.Kem;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.KeySchedule;

/// <summary>
/// A cipher suite bound to the provider that computes it: the labelled functions of RFC 9420 §5.1, §5.2 and §8.
/// Stateless and safe to share.
/// </summary>
internal sealed partial class MlsCrypto
{
    private const int ScratchSize = 512;

    private readonly CryptoProvider _provider;

    public MlsCrypto(CipherSuite suite, CryptoProvider provider)
    {
        Suite = suite;
        _provider = provider;
        HashFunction = provider.Hash(suite.Hash);
        Signature = provider.Signature(suite.Signature);
        Kem = provider.Kem(suite.Kem);
        Hpke = new HpkeSuite(provider, suite.Kem, suite.Hash, suite.Aead);
        KeySize = AeadKey.KeySizeOf(suite.Aead);
    }

    public CipherSuite Suite { get; }

    public HashFunction HashFunction { get; }

    public SignatureScheme Signature { get; }

    public KeyEncapsulation Kem { get; }

    public HpkeSuite Hpke { get; }

    /// <summary>KDF.Nh, in bytes.</summary>
    public int HashSize => HashFunction.Size;

    /// <summary>AEAD.Nk, in bytes.</summary>
    public int KeySize { get; }

    public AeadKey CreateAeadKey(ReadOnlySpan<byte> key) => _provider.CreateAeadKey(Suite.Aead, key);

    public byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[HashSize];
        HashFunction.Compute(data, digest);
        return digest;
    }

    /// <summary>MAC (RFC 9420 §5.1): HMAC with the suite's hash.</summary>
    public byte[] Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        byte[] tag = new byte[HashSize];
        HashFunction.Hmac(key, data, tag);
        return tag;
    }

    /// <summary>In constant time, and a tag of another length is never equal.</summary>
    public bool VerifyMac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[HashFunction.SizeMax];
        expected = expected[..HashSize];
        HashFunction.Hmac(key, data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, tag);
    }

    /// <summary>RefHash (RFC 9420 §5.2).</summary>
    public byte[] RefHash(string label, ReadOnlySpan<byte> value)
    {
        using Quicprochat.Crypto.Hash.IncrementalHash hash = HashFunction.CreateIncremental();
        var writer = new Writer(stackalloc byte[64]);
        WriteLabel(ref writer, string.Empty, label);
        writer.WriteLength(value.Length);
        hash.Append(writer.Written);
        hash.Append(value);
        byte[] digest = new byte[HashSize];
        hash.Current(digest);
        return digest;
    }

    /// <summary>ExpandWithLabel (RFC 9420 §8), filling <paramref name="output"/>.</summary>
    public void ExpandWithLabel(ReadOnlySpan<byte> secret, string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        var writer = new Writer(stackalloc byte[ScratchSize]);
        writer.WriteUInt16((ushort)output.Length);
        WriteLabel(ref writer, LabelPrefix, label);
        writer.WriteVector(context);
        HashFunction.Expand(secret, writer.Written, output);
    }

    /// <summary>ExpandWithLabel to a secret of KDF.Nh bytes.</summary>
    public Secret ExpandWithLabel(ReadOnlySpan<byte> secret, string label, ReadOnlySpan<byte> context)
    {
        Span<byte> output = stackalloc byte[HashFunction.SizeMax];
        output = output[..HashSize];
        ExpandWithLabel(secret, label, context, output);
        return Take(output);
    }

    /// <summary>DeriveSecret (RFC 9420 §8).</summary>
    public Secret DeriveSecret(ReadOnlySpan<byte> secret, string label) => ExpandWithLabel(secret, label, default);

    /// <summary>DeriveTreeSecret (RFC 9420 §9.1).</summary>
    public void DeriveTreeSecret(ReadOnlySpan<byte> secret, string label, uint generation, Span<byte> output)
    {
        Span<byte> context = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(context, generation);
        ExpandWithLabel(secret, label, context, output);
    }

    /// <summary>KDF.Extract.</summary>
    public Secret Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> ikm)
    {
        Span<byte> output = stackalloc byte[HashFunction.SizeMax];
        output = output[..HashSize];
        HashFunction.Extract(salt, ikm, output);
        return Take(output);
    }

    /// <summary>The all-zero secret of KDF.Nh bytes.</summary>
    public Secret Zero() => Secret.Create(HashSize, 0, static (span, _) => span.Clear());

    /// <summary>SignWithLabel (RFC 9420 §5.1.2).</summary>
    public byte[] SignWithLabel(ReadOnlySpan<byte> privateKey, string label, ReadOnlySpan<byte> content)
    {
        Span<byte> signature = stackalloc byte[256];
        int length = Signature.Sign(privateKey, SignContent(label, content), signature[..Signature.SignatureSizeMax]);
        return signature[..length].ToArray();
    }

    /// <summary>VerifyWithLabel (RFC 9420 §5.1.2).</summary>
    public bool VerifyWithLabel(ReadOnlySpan<byte> publicKey, string label, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) =>
        Signature.Verify(publicKey, SignContent(label, content), signature);

    private static ReadOnlySpan<byte> SignContent(string label, ReadOnlySpan<byte> content)
    {
        var writer = new Writer(content.Length + 64);
        WriteLabel(ref writer, LabelPrefix, label);
        writer.WriteVector(content);
        return writer.Written;
    }

    private static Secret Take(Span<byte> bytes)
    {
        Secret secret = Secret.Copy(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return secret;
    }

    private const string LabelPrefix = "MLS 1.0 ";

    private static void WriteLabel(ref Writer writer, string prefix, string label)
    {
        writer.WriteLength(prefix.Length + label.Length);
        WriteAscii(ref writer, prefix);
        WriteAscii(ref writer, label);
    }

    private static void WriteAscii(ref Writer writer, string text)
    {
        foreach (char letter in text)
        {
            writer.WriteByte((byte)letter);
        }
    }
}
