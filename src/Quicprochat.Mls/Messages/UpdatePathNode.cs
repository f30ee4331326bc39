using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// A new parent node and its path secret, encrypted to the other side (RFC 9420 §7.6):
/// <c>struct { HPKEPublicKey encryption_key; HPKECiphertext encrypted_path_secret&lt;V&gt;; } UpdatePathNode;</c>
/// </summary>
internal sealed class UpdatePathNode(ReadOnlyMemory<byte> encryptionKey, IReadOnlyList<HpkeCiphertext> encryptedPathSecrets)
{
    public ReadOnlyMemory<byte> EncryptionKey { get; } = encryptionKey;

    public IReadOnlyList<HpkeCiphertext> EncryptedPathSecrets { get; } = encryptedPathSecrets;

    /// <summary>At least as long as it is when written.</summary>
    public int LengthMax => EncryptionKey.Length + EncryptedPathSecrets.Sum(static secret => secret.LengthMax) + 8;

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out UpdatePathNode? node)
    {
        node = null;
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> key) || !reader.TryReadList(HpkeCiphertext.TryRead, out HpkeCiphertext[]? secrets))
        {
            return false;
        }
        node = new UpdatePathNode(key, secrets);
        return true;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteVector(EncryptionKey);
        int start = writer.BeginVector();
        for (int i = 0; i < EncryptedPathSecrets.Count; i++)
        {
            EncryptedPathSecrets[i].Write(ref writer);
        }
        writer.EndVector(start);
    }
}
