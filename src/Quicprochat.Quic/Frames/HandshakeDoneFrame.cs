using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>HANDSHAKE_DONE, which only a server sends (RFC 9000 §19.20): <code>Type (i) = 0x1e</code></summary>
internal static class HandshakeDoneFrame
{
    /// <summary>Encoded bytes.</summary>
    public const int Size = 1;

    public static void Write(ref Writer writer) => FrameType.Write(ref writer, FrameType.HandshakeDone);
}
