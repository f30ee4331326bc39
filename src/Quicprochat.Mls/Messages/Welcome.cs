using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// Lets new members in (RFC 9420 §12.4.3.1):
/// <c>struct { CipherSuite cipher_suite; EncryptedGroupSecrets secrets&lt;V&gt;; opaque encrypted_group_info&lt;V&gt;; } Welcome;</c>
/// </summary>
internal sealed class Welcome(ushort cipherSuite, IReadOnlyList<EncryptedGroupSecrets> secrets, ReadOnlyMemory<byte> encryptedGroupInfo)
{
    public ushort CipherSuite { get; } = cipherSuite;

    public IReadOnlyList<EncryptedGroupSecrets> Secrets { get; } = secrets;

    public ReadOnlyMemory<byte> EncryptedGroupInfo { get; } = encryptedGroupInfo;

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out Welcome? welcome)
    {
        welcome = null;
        if (!reader.TryReadUInt16(out ushort cipherSuite)
            || !reader.TryReadList(EncryptedGroupSecrets.TryRead, out EncryptedGroupSecrets[]? secrets)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> encryptedGroupInfo))
        {
            return false;
        }
        welcome = new Welcome(cipherSuite, secrets, encryptedGroupInfo);
        return true;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteUInt16(CipherSuite);
        int start = writer.BeginVector();
        for (int i = 0; i < Secrets.Count; i++)
        {
            Secrets[i].Write(ref writer);
        }
        writer.EndVector(start);
        writer.WriteVector(EncryptedGroupInfo);
    }
}
