using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Framing;

namespace Quicprochat.Mls.KeySchedule;

/// <summary>The running hashes over all commits (RFC 9420 §8.2).</summary>
internal static class TranscriptHash
{
    /// <summary>Hash(interim ‖ ConfirmedTranscriptHashInput).</summary>
    public static byte[] Confirmed(MlsCrypto crypto, ReadOnlySpan<byte> interim, WireFormat format, FramedContent content, ReadOnlySpan<byte> signature)
    {
        using Crypto.Hash.IncrementalHash hash = crypto.HashFunction.CreateIncremental();
        hash.Append(interim);
        var writer = new Writer(stackalloc byte[8]);
        writer.WriteUInt16((ushort)format);
        hash.Append(writer.Written);
        hash.Append(content.Encoded.Span);
        writer.Clear();
        writer.WriteLength(signature.Length);
        hash.Append(writer.Written);
        hash.Append(signature);
        byte[] digest = new byte[crypto.HashSize];
        hash.Current(digest);
        return digest;
    }

    /// <summary>Hash(confirmed ‖ InterimTranscriptHashInput).</summary>
    public static byte[] Interim(MlsCrypto crypto, ReadOnlySpan<byte> confirmed, ReadOnlySpan<byte> confirmationTag)
    {
        var writer = new Writer(stackalloc byte[256]);
        writer.WriteBytes(confirmed);
        writer.WriteVector(confirmationTag);
        return crypto.Hash(writer.Written);
    }
}
