using Quicprochat.Crypto.Hash;

namespace Quicprochat.Crypto.Hpke;

/// <summary>LabeledExtract and LabeledExpand (RFC 9180 §4) for one suite_id.</summary>
internal sealed class LabeledKdf(HashFunction hash, byte[] suiteId)
{
    private const int StackSize = 512;

    /// <summary>Length of an extracted key in bytes (Nh).</summary>
    public int Size => hash.Size;

    /// <summary>Into the <see cref="Size"/> bytes of <paramref name="prk"/>.</summary>
    public void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> ikm, Span<byte> prk)
    {
        var labeled = new Concatenation(stackalloc byte[StackSize]);
        labeled.Append("HPKE-v1"u8);
        labeled.Append(suiteId);
        labeled.Append(label);
        labeled.Append(ikm);
        hash.Extract(salt, labeled.Span, prk);
        labeled.Dispose();
    }

    /// <summary>Fills <paramref name="okm"/>, at most 255 times <see cref="Size"/> bytes.</summary>
    public void Expand(ReadOnlySpan<byte> prk, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> okm)
    {
        var labeled = new Concatenation(stackalloc byte[StackSize]);
        labeled.AppendUInt16(okm.Length);
        labeled.Append("HPKE-v1"u8);
        labeled.Append(suiteId);
        labeled.Append(label);
        labeled.Append(info);
        hash.Expand(prk, labeled.Span, okm);
        labeled.Dispose();
    }
}
