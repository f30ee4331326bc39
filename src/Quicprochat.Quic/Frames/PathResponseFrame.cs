using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>PATH_RESPONSE (RFC 9000 §19.18): <code>Type (i) = 0x1b, Data (64)</code></summary>
internal readonly record struct PathResponseFrame(ulong Data)
{
    /// <summary>Encoded bytes.</summary>
    public const int Size = 1 + sizeof(ulong);

    public static bool TryRead(ref Reader reader, out PathResponseFrame frame)
    {
        bool isRead = reader.TryReadUInt64(out ulong data); // RFC 9000 §19.18
        frame = new PathResponseFrame(data);
        return isRead;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.PathResponse);
        writer.WriteUInt64(Data);
    }
}
