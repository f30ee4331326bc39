using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>PADDING (RFC 9000 §19.1): <code>Type (i) = 0x00</code></summary>
internal static class PaddingFrame
{
    /// <summary>Passes over the PADDING that follows one whose type has been read.</summary>
    public static void SkipRun(ref Reader reader) => reader.SkipRun((byte)FrameType.Padding);

    /// <summary>Writes <paramref name="count"/> of them, a byte each.</summary>
    public static void Write(ref Writer writer, int count) => writer.Reserve(count).Clear();
}
