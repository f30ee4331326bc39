using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// What HPKE made (RFC 9420 §7.6): <c>struct { opaque kem_output&lt;V&gt;; opaque ciphertext&lt;V&gt;; } HPKECiphertext;</c>
/// </summary>
internal readonly record struct HpkeCiphertext(ReadOnlyMemory<byte> KemOutput, ReadOnlyMemory<byte> Ciphertext)
{
    /// <summary>At least as long as it is when written.</summary>
    public int LengthMax => KemOutput.Length + Ciphertext.Length + 8;

    public static bool TryRead(ref Reader reader, out HpkeCiphertext value)
    {
        bool read = reader.TryReadVector(out ReadOnlyMemory<byte> kemOutput) & reader.TryReadVector(out ReadOnlyMemory<byte> ciphertext);
        value = new HpkeCiphertext(kemOutput, ciphertext);
        return read;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteVector(KemOutput);
        writer.WriteVector(Ciphertext);
    }
}
