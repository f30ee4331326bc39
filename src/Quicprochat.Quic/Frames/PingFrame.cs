using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>PING (RFC 9000 §19.2): <code>Type (i) = 0x01</code></summary>
internal static class PingFrame
{
    /// <summary>Encoded bytes.</summary>
    public const int Size = 1;

    public static void Write(ref Writer writer) => FrameType.Write(ref writer, FrameType.Ping);
}
