using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// GroupSecrets, encrypted to one key package (RFC 9420 §12.4.3.1):
/// <c>struct { KeyPackageRef new_member; HPKECiphertext encrypted_group_secrets; } EncryptedGroupSecrets;</c>
/// </summary>
internal readonly record struct EncryptedGroupSecrets(ReadOnlyMemory<byte> NewMember, HpkeCiphertext Ciphertext)
{
    /// <summary>At least as long as it is when written.</summary>
    public int LengthMax => NewMember.Length + Ciphertext.LengthMax + 4;

    public static bool TryRead(ref Reader reader, out EncryptedGroupSecrets value)
    {
        bool read = reader.TryReadVector(out ReadOnlyMemory<byte> newMember) & HpkeCiphertext.TryRead(ref reader, out HpkeCiphertext ciphertext);
        value = new EncryptedGroupSecrets(newMember, ciphertext);
        return read;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteVector(NewMember);
        Ciphertext.Write(ref writer);
    }
}
