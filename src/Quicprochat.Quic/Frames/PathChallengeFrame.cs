using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>PATH_CHALLENGE (RFC 9000 §19.17): <code>Type (i) = 0x1a, Data (64)</code></summary>
internal readonly record struct PathChallengeFrame(ulong Data)
{
    /// <summary>Encoded bytes.</summary>
    public const int Size = 1 + sizeof(ulong);

    public static bool TryRead(ref Reader reader, out PathChallengeFrame frame)
    {
        bool isRead = reader.TryReadUInt64(out ulong data); // RFC 9000 §19.17
        frame = new PathChallengeFrame(data);
        return isRead;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.PathChallenge);
        writer.WriteUInt64(Data);
    }
}
