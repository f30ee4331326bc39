using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.KeySchedule;

/// <content>Public key encryption (RFC 9420 §5.1.3, §8.3).</content>
internal sealed partial class MlsCrypto
{
    /// <summary>What both sides of an external commit export (RFC 9420 §8.3).</summary>
    private static ReadOnlySpan<byte> ExternalInitLabel => "MLS 1.0 external init secret"u8;

    /// <summary>A fresh HPKE key pair.</summary>
    public (Secret PrivateKey, byte[] PublicKey) GenerateKeyPair(IRandomSource random)
    {
        byte[] publicKey = new byte[Kem.PublicKeySize];
        Secret privateKey = Secret.Create(
            Kem.PrivateKeySize, (Kem, random, publicKey), static (span, state) => state.Kem.GenerateKeyPair(state.random, span, state.publicKey));
        return (privateKey, publicKey);
    }

    /// <summary>KEM.DeriveKeyPair (RFC 9420 §5.1).</summary>
    public (Secret PrivateKey, byte[] PublicKey) DeriveKeyPair(Secret ikm)
    {
        byte[] publicKey = new byte[Kem.PublicKeySize];
        Secret privateKey = Secret.Create(
            Kem.PrivateKeySize, (Kem, ikm, publicKey), static (span, state) => state.Kem.DeriveKeyPair(state.ikm.Span, span, state.publicKey));
        return (privateKey, publicKey);
    }

    /// <summary>EncryptContext, the info of <see cref="TryEncrypt"/> and <see cref="TryDecrypt"/>: written and hashed once for many recipients.</summary>
    public HpkeInfo EncryptContext(string label, ReadOnlySpan<byte> context)
    {
        var writer = new Writer(context.Length + 64);
        WriteLabel(ref writer, LabelPrefix, label);
        writer.WriteVector(context);
        return Hpke.HashInfo(writer.Written);
    }

    /// <summary>EncryptWithLabel; false when the public key is not valid.</summary>
    public bool TryEncrypt(ReadOnlySpan<byte> publicKey, HpkeInfo encryptContext, ReadOnlySpan<byte> plaintext, IRandomSource random, out HpkeCiphertext ciphertext)
    {
        byte[] encapsulation = new byte[Kem.EncapsulationSize];
        byte[] @sealed = new byte[plaintext.Length + AeadKey.TagSize];
        ciphertext = new HpkeCiphertext(encapsulation, @sealed);
        return Hpke.TrySeal(publicKey, encryptContext, default, plaintext, random, encapsulation, @sealed);
    }

    /// <summary>DecryptWithLabel; null when the ciphertext is not for this key and context. The caller zeroes the result.</summary>
    public byte[]? TryDecrypt(ReadOnlySpan<byte> privateKey, HpkeInfo encryptContext, HpkeCiphertext ciphertext)
    {
        if (ciphertext.Ciphertext.Length < AeadKey.TagSize || ciphertext.KemOutput.Length != Kem.EncapsulationSize)
        {
            return null;
        }
        byte[] plaintext = new byte[ciphertext.Ciphertext.Length - AeadKey.TagSize];
        return Hpke.TryOpen(privateKey, ciphertext.KemOutput.Span, encryptContext, default, ciphertext.Ciphertext.Span, plaintext) ? plaintext : null;
    }

    /// <summary>The init secret a joiner makes for an external commit, and what tells the group of it; null when the key is not valid.</summary>
    public (Secret InitSecret, byte[] KemOutput)? TryExportInitSecret(ReadOnlySpan<byte> externalPublicKey, IRandomSource random)
    {
        byte[] kemOutput = new byte[Kem.EncapsulationSize];
        if (!Hpke.TrySetupSender(externalPublicKey, default, random, kemOutput, out HpkeContext? context))
        {
            return null;
        }
        using (context)
        {
            return (ExportInitSecret(context), kemOutput);
        }
    }

    /// <summary>The init secret a member takes from an external commit; null when it does not decapsulate.</summary>
    public Secret? TryImportInitSecret(Secret externalSecret, ReadOnlySpan<byte> kemOutput)
    {
        (Secret privateKey, _) = DeriveKeyPair(externalSecret);
        using (privateKey)
        {
            if (kemOutput.Length != Kem.EncapsulationSize || !Hpke.TrySetupReceiver(privateKey.Span, kemOutput, default, out HpkeContext? context))
            {
                return null;
            }
            using (context)
            {
                return ExportInitSecret(context);
            }
        }
    }

    private Secret ExportInitSecret(HpkeContext context) =>
        Secret.Create(HashSize, context, static (span, state) => state.Export(ExternalInitLabel, span));
}
