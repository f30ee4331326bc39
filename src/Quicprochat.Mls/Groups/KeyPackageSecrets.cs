using System.Diagnostics.CodeAnalysis;
using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Groups;

/// <summary>A key package with its private half.</summary>
internal sealed class KeyPackageSecrets(KeyPackage keyPackage, Secret initKey, Secret encryptionKey, Secret signatureKey) : IDisposable
{
    public KeyPackage KeyPackage { get; } = keyPackage;

    public Secret InitKey { get; } = initKey;

    public Secret EncryptionKey { get; } = encryptionKey;

    public Secret SignatureKey { get; } = signatureKey;

    public void Put(RecordSet records, MlsCrypto crypto) =>
        records.Put(RecordKey.KeyPackage(KeyPackage.ComputeReference(crypto)), this, static (ref writer, value) =>
        {
            writer.WriteVector(value.KeyPackage.Encoded);
            writer.WriteVector(value.InitKey.Span);
            writer.WriteVector(value.EncryptionKey.Span);
            writer.WriteVector(value.SignatureKey.Span);
        });

    /// <summary>Reads what <see cref="Put"/> wrote.</summary>
    public static bool TryRead(byte[] record, [NotNullWhen(true)] out KeyPackageSecrets? secrets)
    {
        secrets = null;
        var reader = new Reader(record);
        if (!reader.TryReadByte(out byte version) || version != RecordSet.FormatVersion
            || !reader.TryReadVector(out ReadOnlyMemory<byte> encoded)
            || !KeyPackage.TryParse(encoded, out KeyPackage? keyPackage)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> initKey)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> encryptionKey)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> signatureKey)
            || !reader.IsAtEnd)
        {
            return false;
        }
        secrets = new KeyPackageSecrets(keyPackage, Secret.Copy(initKey.Span), Secret.Copy(encryptionKey.Span), Secret.Copy(signatureKey.Span));
        return true;
    }

    public void Dispose()
    {
        InitKey.Dispose();
        EncryptionKey.Dispose();
        SignatureKey.Dispose();
    }
}
